import type { Provider } from '@assay/providers';
import { eventually } from '@assay/testing';
import { RuntimeStopped } from '../runtime/ask.js';
import { answerAll, rankProvider } from '../runtime/runtime.fixture.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import {
  askedTwice,
  clearBooks,
  PRICED,
  readLedger,
  startProcess,
  stopProcess,
  type SpecProcess,
} from './processes.fixture.js';

let rig: SpecRig;
const running: SpecProcess[] = [];

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stopProcess));
  await rig.reset();
  await clearBooks(rig);
});
afterAll(() => rig.close());

const start = async (given = {}) => {
  const process = await startProcess(rig, { ...PRICED, ...given });
  running.push(process);
  return process;
};
const newUnits = (count: number) => Array.from({ length: count }, () => rig.newUnit());
const outcomes = (results: readonly { outcome: string; detail?: string }[]) =>
  results.map(({ outcome, detail }) => (detail ? `${outcome}(${detail})` : outcome));

test('two processes that want the same units at once buy each of them once', async () => {
  const given = { batch: { size: 7, lingerMs: 5 }, concurrency: 4 };
  const [one, other] = [await start(given), await start(given)];
  rig.stub.answer = (request, response, units) =>
    // oxlint-disable-next-line no-restricted-globals -- a provider that takes a while
    void setTimeout(() => answerAll(request, response, units), 40);
  const units = newUnits(80);
  const ask = ({ runtime }: SpecProcess, of: readonly string[]) =>
    Promise.all(of.map((unit) => runtime.ask(wish(unit))));
  const [first, second] = await Promise.all([ask(one, units), ask(other, units.toReversed())]);
  expect(new Set(outcomes([...first, ...second]))).toEqual(new Set(['ok']));
  expect(second.toReversed().map(({ answer }) => answer)).toEqual(first.map(({ answer }) => answer));
  expect(askedTwice(rig)).toEqual([]);
  expect(await readLedger(rig)).toEqual({
    rows: rig.stub.calls.length,
    unknown: 0,
    open: 0,
    uneven: 0,
    openClaims: 0,
  });
});

test('the ledger holds the call before it is made, and what came of it', async () => {
  const { runtime, worker } = await start({
    batch: { size: 4, lingerMs: 10 },
    price: { perCallMicroUsd: 100, perUnitMicroUsd: 250 },
  });
  const seen: unknown[] = [];
  rig.stub.answer = (request, response, units) => {
    const text = 'SELECT ended_at, class, charged, cost_micro_usd, units FROM call';
    void rig.database.query({ text }).then(({ rows }) => {
      seen.push(...rows);
      answerAll(request, response, units);
    });
  };
  await Promise.all(newUnits(3).map((unit) => runtime.ask(wish(unit))));
  expect(seen).toEqual([
    { ended_at: null, class: null, charged: 'unknown', cost_micro_usd: '850', units: 3 },
  ]);
  const { rows } = await rig.database.query({
    text: `SELECT class, charged, cost_micro_usd, units, requests, key_id, worker, attempt, bytes > 0 AS bytes,
      latency_ms >= 0 AS latency FROM call`,
  });
  expect(rows).toEqual([
    {
      class: 'ok',
      charged: 'yes',
      cost_micro_usd: '850',
      units: 3,
      requests: 1,
      key_id: '1',
      worker,
      attempt: 1,
      bytes: true,
      latency: true,
    },
  ]);
});

test.each([
  [
    'before its purchase',
    (a: SpecProcess) => (a.wire.before = (name) => name.endsWith('buy') && a.kill()),
    0,
  ],
  [
    'before it hears of it',
    (a: SpecProcess) => (a.wire.after = (name) => name.endsWith('buy') && a.kill()),
    1,
  ],
  ['while it waits for the provider', () => undefined, 1],
  [
    'before its commit',
    (a: SpecProcess) => (a.wire.before = (name) => name.includes('commit') && a.kill()),
    1,
  ],
  ['after its commit', (a: SpecProcess) => (a.wire.after = (name) => name.includes('commit') && a.kill()), 0],
] as [string, (process: SpecProcess) => void, number][])(
  'killed %s: a replay buys nothing that may have been bought; a retry does, once',
  async (moment, prepare, unknown) => {
    const [killed, heir] = [await start(), await start()];
    prepare(killed);
    rig.stub.answer = (request, response, units) => {
      if (moment.includes('provider')) killed.kill();
      else answerAll(request, response, units);
    };
    const row = wish(rig.newUnit());
    void killed.runtime.ask(row);
    await eventually(
      () => killed.wire.cut,
      (cut) => cut,
    );
    rig.stub.answer = answerAll;
    const replayed = await heir.runtime.ask(row);
    expect(outcomes([replayed])).toEqual([unknown ? 'failed(network)' : 'ok']);
    expect(askedTwice(rig)).toEqual([]);
    const ledger = await readLedger(rig);
    expect(ledger).toEqual({ rows: 1, unknown, open: 0, uneven: 0, openClaims: 0 });
    expect(rig.stub.calls.length).toBeLessThanOrEqual(ledger.rows);
    expect(ledger.rows).toBeLessThanOrEqual(rig.stub.calls.length + unknown);
    expect(outcomes([await heir.runtime.ask(row)])).toEqual(outcomes([replayed]));
    const before = rig.stub.calls.length;
    const retried = await heir.runtime.ask({ ...row, gen: 1, dispatchedAt: Date.now() + 1 });
    expect(retried.outcome).toBe('ok');
    expect(rig.stub.calls.length - before).toBe(unknown);
  },
);

test('killed anywhere, many times: no unit twice, and the ledger covers all calls', async () => {
  const given = { batch: { size: 3, lingerMs: 5 }, concurrency: 4 };
  const units = newUnits(60);
  const rows = units.map((unit) => wish(unit, { expiresAt: Date.now() + 60_000, patienceMs: 60_000 }));
  let inFlight = 0;
  for (let kill = 1; kill <= 4; kill++) {
    const victim = await start(given);
    let statements = 0;
    const tick = () => ++statements === kill * 3 && victim.kill();
    victim.wire.before = (name) => name !== 'fetching.beat' && tick();
    for (const row of rows) void victim.runtime.ask(row);
    await eventually(
      () => victim.wire.cut,
      (cut) => cut,
    );
    inFlight += given.concurrency;
  }
  const heir = await start(given);
  const results = await Promise.all(rows.map((row) => heir.runtime.ask(row)));
  expect([...new Set(outcomes(results))].toSorted()).toEqual(['failed(network)', 'ok']);
  expect(askedTwice(rig)).toEqual([]);
  const ledger = await readLedger(rig);
  const calls = rig.stub.calls.length;
  expect(ledger).toMatchObject({ open: 0, uneven: 0, openClaims: 0 });
  expect([calls <= ledger.rows, ledger.rows <= calls + ledger.unknown]).toEqual([true, true]);
  expect(ledger.unknown).toBeLessThanOrEqual(inFlight);
});

test('a process that was away and lives after all keeps what it bought, and the ledger is put right', async () => {
  const [slept, other] = [await start(), await start()];
  let reply: () => void = () => undefined;
  rig.stub.answer = (request, response, units) => (reply = () => answerAll(request, response, units));
  const row = wish(rig.newUnit(), { lane: 'bulk' });
  const asleep = slept.runtime.ask(row);
  await eventually(
    () => rig.stub.calls.length,
    (calls) => calls === 1,
  );
  slept.wire.before = (name) => {
    if (name === 'fetching.beat') throw new Error('away');
  };
  expect(outcomes([await other.runtime.ask(row)])).toEqual(['failed(network)']);
  reply();
  const result = await asleep;
  expect(result.outcome).toBe('ok');
  expect(await other.runtime.ask(row)).toMatchObject({ outcome: 'ok', answer: result.answer });
  const { rows } = await rig.database.query({ text: 'SELECT class, charged, cost_micro_usd FROM call' });
  expect(rows).toEqual([{ class: 'ok', charged: 'yes', cost_micro_usd: '250' }]);
  // Away for too long, it begins no call, claims nothing, and waits to be heard again as long as its row has patience.
  const late = wish(rig.newUnit(), { patienceMs: 400 });
  expect(outcomes([await slept.runtime.ask(late)])).toEqual(['skipped(quota)']);
  expect(rig.stub.calls).toHaveLength(1);
  expect((await readLedger(rig)).rows).toBe(1);
});

test('what may have been billed is not asked again by itself; what was not is, under a call of its own', async () => {
  const { runtime } = await start({ retries: 3 });
  const row = wish(rig.newUnit());
  rig.stub.answer = (_, response) => response.writeHead(500).end();
  expect(outcomes([await runtime.ask(row)])).toEqual(['failed(server)']);
  expect(outcomes([await runtime.ask(row)])).toEqual(['failed(server)']);
  expect(rig.stub.calls).toHaveLength(1);
  rig.stub.answer = answerAll;
  expect((await runtime.ask({ ...row, dispatchedAt: Date.now() + 1 })).outcome).toBe('ok');
  const other = wish(rig.newUnit());
  rig.stub.answer = (request, response, units) =>
    rig.stub.calls.length === 3
      ? response.writeHead(429, { 'retry-after': '0' }).end()
      : answerAll(request, response, units);
  expect((await runtime.ask(other)).outcome).toBe('ok');
  const { rows } = await rig.database.query({
    text: 'SELECT class, charged, cost_micro_usd, attempt FROM call ORDER BY id',
  });
  expect(rows).toEqual([
    { class: 'server', charged: 'unknown', cost_micro_usd: '250', attempt: 1 },
    { class: 'ok', charged: 'yes', cost_micro_usd: '250', attempt: 1 },
    { class: 'rate_limited', charged: 'no', cost_micro_usd: '0', attempt: 1 },
    { class: 'ok', charged: 'yes', cost_micro_usd: '250', attempt: 2 },
  ]);
});

test('a refused batch is halved: each half is claimed anew, and only what was answered costs', async () => {
  const { runtime } = await start({ batch: { size: 8, lingerMs: 20 } });
  const units = newUnits(8);
  rig.stub.answer = (request, response, asked) =>
    asked.includes(units[5]!) ? response.writeHead(400).end('bad unit') : answerAll(request, response, asked);
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit))));
  expect(outcomes(results).join()).toBe('ok,ok,ok,ok,ok,failed(bad_request),ok,ok');
  const { rows } = await rig.database.query({
    text: 'SELECT charged, count(*)::int AS calls, sum(cost_micro_usd)::int AS cost FROM call GROUP BY 1 ORDER BY 1',
  });
  expect(rows).toEqual([
    { charged: 'no', calls: 4, cost: 0 },
    { charged: 'yes', calls: 3, cost: 1_750 },
  ]);
  expect(await readLedger(rig)).toMatchObject({ uneven: 0, openClaims: 0 });
});

test('a purchase whose reply is lost is never sent: its rows are owed, its units are free again', async () => {
  const { runtime, wire } = await start();
  let lose = true;
  wire.after = (name) => {
    if (name !== 'fetching.buy' || !lose) return;
    lose = false;
    throw new Error('connection lost');
  };
  const row = wish(rig.newUnit());
  await expect(runtime.ask(row)).rejects.toThrow('connection lost');
  expect(rig.stub.calls).toHaveLength(0);
  expect((await runtime.ask(row)).outcome).toBe('ok');
  expect(await readLedger(rig)).toEqual({ rows: 1, unknown: 0, open: 0, uneven: 0, openClaims: 0 });
});

test('no call while the database is away', async () => {
  const { runtime, wire } = await start();
  wire.before = (name) => {
    if (name === 'fetching.buy') throw new Error('away');
  };
  await expect(runtime.ask(wish(rig.newUnit()))).rejects.toThrow('away');
  expect(rig.stub.calls).toHaveLength(0);
});

test('stopped while it claims: nothing is sent, nothing stays in the ledger, the unit is free', async () => {
  const [stopped, other] = [await start(), await start()];
  let stopping: Promise<void> | undefined;
  stopped.wire.before = (name) => {
    if (name === 'fetching.buy') stopping = stopped.runtime.stop();
  };
  const row = wish(rig.newUnit());
  await expect(stopped.runtime.ask(row)).rejects.toThrow(RuntimeStopped);
  await stopping;
  expect(await readLedger(rig)).toMatchObject({ rows: 0, openClaims: 0 });
  expect((await other.runtime.ask(row)).outcome).toBe('ok');
  expect(rig.stub.calls).toHaveLength(1);
});

test('an unreachable provider was never asked: the ledger says nothing of it', async () => {
  const nowhere = { ...rankProvider({ ...PRICED, retries: 1 }) } as Extract<Provider, { request: unknown }>;
  const request: typeof nowhere.request = (questions, context) =>
    nowhere.request(questions, context).map((one) => ({ ...one, url: 'https://ranks.test/' }));
  const process = await startProcess(rig, PRICED, { ...nowhere, request });
  running.push(process);
  const row = wish(rig.newUnit());
  expect(outcomes([await process.runtime.ask(row)])).toEqual(['failed(network)']);
  expect(await readLedger(rig)).toMatchObject({ rows: 0, openClaims: 0 });
  await process.runtime.stop();
  const counted = await rig.database.query({
    text: 'SELECT class, calls, units FROM call_minute WHERE worker = $1',
    values: [process.worker],
  });
  expect(counted.rows).toEqual([{ class: 'network', calls: '0', units: '2' }]);
});

import { randomUUID } from 'node:crypto';
import type { Provider, ProviderDefinition } from '@assay/providers';
import { eventually } from '@assay/testing';
import { answerAll, rankProvider } from '../runtime/runtime.fixture.js';
import type { AskRequest } from '../runtime/ask.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import {
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

const start = async (given: Partial<ProviderDefinition> = {}, provider?: Provider) => {
  const process = await startProcess(rig, given, provider);
  running.push(process);
  return process;
};

/** A submission with these ceilings; null: none. */
async function submission(ceilings: object | null): Promise<string> {
  const id = randomUUID();
  await rig.database.query({
    text: `INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms, ceilings)
      VALUES ($1, 'running', 'bulk', '{}', 20000, 60000, 60000, 5000, $2)`,
    values: [id, ceilings && JSON.stringify(ceilings)],
  });
  return id;
}

const raise = (id: string, ceilings: object) =>
  rig.database.query({
    text: 'UPDATE submission SET ceilings = $2 WHERE id = $1',
    values: [id, JSON.stringify(ceilings)],
  });

async function askMany(
  processes: readonly SpecProcess[],
  of: string,
  count: number,
  given: Partial<AskRequest> = {},
) {
  const rows = Array.from({ length: count }, () =>
    wish(rig.newUnit(), { submission: of, capped: true, ...given }),
  );
  return Promise.all(rows.map((row, i) => processes[i % processes.length]!.runtime.ask(row)));
}

const countOf = (results: readonly { outcome: string; detail?: string }[], wanted: string) =>
  results.filter(({ outcome, detail }) => (detail ? `${outcome}(${detail})` : outcome) === wanted).length;

async function budgets(of: string) {
  const { rows } = await rig.database.query<{ provider: string; calls: string; micro_usd: string }>({
    text: 'SELECT provider, calls, micro_usd FROM budget WHERE submission = $1 ORDER BY provider',
    values: [of],
  });
  return Object.fromEntries(rows.map((row) => [row.provider, [Number(row.calls), Number(row.micro_usd)]]));
}

test.each([
  ['of the submission', { microUsd: 2_600 }],
  ['of the provider in it', { providers: { ranks: { microUsd: 2_600 } } }],
  ['the narrower of both', { microUsd: 2_600, providers: { ranks: { microUsd: 9_000 } } }],
])('a ceiling of price, %s: replicas buy up to it and not a unit more', async (_, ceilings) => {
  const given = { ...PRICED, batch: { size: 3, lingerMs: 5 } };
  const processes = [await start(given), await start(given), await start(given)];
  const id = await submission(ceilings);
  const results = await askMany(processes, id, 60);
  expect([countOf(results, 'ok'), countOf(results, 'skipped(budget)')]).toEqual([10, 50]);
  const units = rig.stub.calls.flatMap((call) => call.units);
  expect(units).toHaveLength(10);
  const taken = [rig.stub.calls.length, 2_500];
  expect(await budgets(id)).toEqual({ '': taken, ranks: taken });
  expect(await readLedger(rig)).toMatchObject({ uneven: 0, open: 0, openClaims: 0 });
});

test('a ceiling of calls holds for a free provider too, retries included', async () => {
  const processes = [await start({ retries: 1 }), await start({ retries: 1 })];
  const id = await submission({ calls: 7 });
  rig.stub.answer = (_, response) => response.writeHead(500).end();
  const results = await askMany(processes, id, 20);
  expect(rig.stub.calls).toHaveLength(7);
  expect(countOf(results, 'failed(server)') + countOf(results, 'skipped(budget)')).toBe(20);
  expect(await budgets(id)).toEqual({ '': [7, 0], ranks: [7, 0] });
});

test('each further request of a conversation is taken before it is sent', async () => {
  const provider: Provider = {
    ...(rankProvider() as ProviderDefinition),
    *steps(questions) {
      const { unit } = questions[0]!;
      yield [{ method: 'GET', url: `http://${unit}/start` }];
      yield [{ method: 'GET', url: `http://${unit}/end` }];
      return new Map([[`ranks ${unit}`, { outcome: 'ok' as const, numbers: { rank: 1 } }]]);
    },
  };
  const process = await start({}, provider);
  const id = await submission({ calls: 5 });
  const results = [];
  for (let i = 0; i < 4; i++) results.push(...(await askMany([process], id, 1)));
  expect([countOf(results, 'ok'), countOf(results, 'skipped(budget)')]).toEqual([2, 2]);
  expect(rig.stub.calls).toHaveLength(5);
});

test('a call that its permit did not wait for goes back, and so does one that an open breaker stopped', async () => {
  const limits = [{ permits: 50, perMs: 1_000, of: 'calls' as const }];
  const process = await start({
    limits,
    retries: 0,
    breaker: { volume: 4, errorPercent: 50, coolOffMs: 300 },
  });
  const id = await submission({ calls: 12 });
  let slow = 0;
  // Longer than a permit of a second's window is good for.
  process.wire.after = (name) => {
    if (name === 'fetching.take-budget' && ++slow <= 6)
      for (const until = Date.now() + 40; Date.now() < until;);
  };
  expect(countOf(await askMany([process], id, 4), 'ok')).toBe(4);
  expect(slow).toBeGreaterThan(4);
  rig.stub.answer = (_, response) => response.writeHead(500).end();
  await askMany([process], id, 8, { lane: 'bulk' });
  rig.stub.answer = answerAll;
  await eventually(
    () => budgets(id),
    (taken) => ['', 'ranks'].every((of) => taken[of]![0] === rig.stub.calls.length),
  );
});

test('raised, it goes on where it stopped', async () => {
  const process = await start(PRICED);
  const id = await submission({ microUsd: 500 });
  expect(countOf(await askMany([process], id, 5), 'ok')).toBe(2);
  await raise(id, { microUsd: 1_000 });
  await eventually(
    () => askMany([process], id, 1),
    (results) => countOf(results, 'ok') === 1,
  );
  expect(countOf(await askMany([process], id, 5), 'ok')).toBe(1);
});

test('a list beyond its ceiling is told so at once, and spends no permits', async () => {
  const limits = [{ permits: 2, perMs: 1_000, of: 'calls' as const }];
  const process = await start({ ...PRICED, limits, concurrency: 1 });
  const id = await submission({ microUsd: 250 });
  const began = Date.now();
  const results = await askMany([process], id, 60, { patienceMs: 60_000, expiresAt: began + 90_000 });
  expect([countOf(results, 'ok'), countOf(results, 'skipped(budget)')]).toEqual([1, 59]);
  expect(Date.now() - began).toBeLessThan(5_000);
});

test('a unit that several want is paid by the first who can', async () => {
  const process = await start({ ...PRICED, batch: { size: 2, lingerMs: 30 } });
  const [poor, rich, open] = [
    await submission({ microUsd: 100 }),
    await submission({ microUsd: 300 }),
    await submission(null),
  ];
  const [one, two] = [rig.newUnit(), rig.newUnit()];
  const ask = (unit: string, of: string, capped = true) =>
    process.runtime.ask(wish(unit, { submission: of, capped }));
  const results = await Promise.all([ask(one, poor), ask(one, rich), ask(two, poor), ask(two, open, false)]);
  expect(countOf(results, 'ok')).toBe(4);
  const { rows } = await rig.database.query({
    text: 'SELECT submission, cost_micro_usd, capped FROM call_share ORDER BY capped DESC',
  });
  expect(rows).toEqual([
    { submission: rich, cost_micro_usd: '250', capped: true },
    { submission: open, cost_micro_usd: '250', capped: false },
  ]);
  expect(await budgets(poor)).toEqual({ '': [0, 0], ranks: [0, 0] });
  expect(await budgets(open)).toEqual({});
  const both = await Promise.all([ask('third.test', poor), ask('third.test', rich)]);
  expect(countOf(both, 'skipped(budget)')).toBe(2);
});

test('the price of a call is split by units, the remainder to the first; a budget holds what its shares cost', async () => {
  const price = { perCallMicroUsd: 100, perUnitMicroUsd: 7 };
  const process = await start({ price, batch: { size: 3, lingerMs: 50 } });
  const ids = [
    await submission({ microUsd: 1_000 }),
    await submission({ microUsd: 1_000 }),
    await submission(null),
  ];
  await Promise.all(
    ids.map((of, i) => process.runtime.ask(wish(rig.newUnit(), { submission: of, capped: i < 2 }))),
  );
  expect(rig.stub.calls).toHaveLength(1);
  const { rows } = await rig.database.query<{ submission: string; cost_micro_usd: string }>({
    text: 'SELECT submission, cost_micro_usd FROM call_share',
  });
  const cost = new Map(rows.map((row) => [row.submission, Number(row.cost_micro_usd)]));
  expect(ids.map((of) => cost.get(of))).toEqual([41, 40, 40]);
  expect(await budgets(ids[0]!)).toEqual({ '': [1, 41], ranks: [1, 41] });
  expect(await budgets(ids[1]!)).toEqual({ '': [1, 40], ranks: [1, 40] });
  expect((await readLedger(rig)).uneven).toBe(0);
});

test('what is surely not billed goes back to the budget, its calls do not', async () => {
  const process = await start({ ...PRICED, batch: { size: 4, lingerMs: 20 } });
  const id = await submission({ microUsd: 1_000, calls: 7 });
  let refused = '';
  rig.stub.answer = (request, response, units) => {
    refused ||= units[1]!;
    if (units.includes(refused)) response.writeHead(400).end();
    else answerAll(request, response, units);
  };
  const results = await askMany([process], id, 4);
  expect([countOf(results, 'ok'), countOf(results, 'failed(bad_request)')]).toEqual([3, 1]);
  const calls = rig.stub.calls.length;
  expect(await budgets(id)).toEqual({ '': [calls, 750], ranks: [calls, 750] });
});

test('killed with a budget taken: the rest is not spent twice, and what may have been billed stays taken', async () => {
  const [killed, heir] = [await start(PRICED), await start(PRICED)];
  const id = await submission({ microUsd: 1_000 });
  rig.stub.answer = () => killed.kill();
  void killed.runtime.ask(wish(rig.newUnit(), { submission: id, capped: true }));
  while (!killed.wire.cut) await new Promise(setImmediate);
  rig.stub.answer = answerAll;
  const results = await askMany([heir], id, 10);
  expect([countOf(results, 'ok'), countOf(results, 'skipped(budget)')]).toEqual([3, 7]);
});

test('beyond a ceiling, what a killed process may have bought for these rows is told as failed, not as unpaid', async () => {
  const [killed, heir] = [await start(PRICED), await start(PRICED)];
  const id = await submission({ microUsd: 500 });
  const lost = wish(rig.newUnit(), { submission: id, capped: true });
  rig.stub.answer = () => killed.kill();
  void killed.runtime.ask(lost);
  while (!killed.wire.cut) await new Promise(setImmediate);
  rig.stub.answer = answerAll;
  const others = await askMany([heir], id, 5);
  expect([countOf(others, 'ok'), countOf(others, 'skipped(budget)')]).toEqual([1, 4]);
  expect(await heir.runtime.ask(lost)).toMatchObject({ outcome: 'failed', detail: 'network' });
  expect(rig.stub.calls).toHaveLength(2);
});

test('replicas in disorder: shuffled units, refusals, faults; every budget holds exactly what its shares cost', async () => {
  const given = { ...PRICED, price: { perCallMicroUsd: 100, perUnitMicroUsd: 250 }, retries: 1 };
  const batch = { size: 9, lingerMs: 2 };
  const processes = await Promise.all(Array.from({ length: 4 }, () => start({ ...given, batch })));
  const deadlocks: string[] = [];
  for (const { wire } of processes)
    wire.failed = (error) => void (error.code === '40P01' && deadlocks.push(error.message));
  const ids = [
    await submission({ microUsd: 20_000 }),
    await submission({ calls: 60 }),
    await submission(null),
  ];
  let calls = 0;
  rig.stub.answer = (request, response, units) => {
    const fault = [0, 0, 400, 0, 500, 0, 429][++calls % 7];
    if (fault) response.writeHead(fault, { 'retry-after': '0' }).end();
    else answerAll(request, response, units);
  };
  const units = Array.from({ length: 250 }, () => rig.newUnit());
  const rows = processes.flatMap(({ runtime }, p) =>
    units
      .map((unit, i) => ({ unit, of: (i * 7 + p) % 3, order: (i * (37 + p * 12)) % 251 }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ unit, of }) => runtime.ask(wish(unit, { submission: ids[of]!, capped: of < 2, lane: 'bulk' }))),
  );
  const results = await Promise.all(rows);
  expect(results).toHaveLength(1_000);
  expect(deadlocks).toEqual([]);
  const { rows: bought } = await rig.database.query<{ times: number }>({
    text: `SELECT count(*)::int AS times FROM answer WHERE unit = ANY($1) GROUP BY unit HAVING count(*) > 1`,
    values: [units],
  });
  expect(bought).toEqual([]);
  expect(await readLedger(rig)).toMatchObject({
    rows: rig.stub.calls.length,
    uneven: 0,
    open: 0,
    openClaims: 0,
  });
  const { rows: differing } = await rig.database.query({
    text: `SELECT b.*, s.cost FROM budget b JOIN (SELECT submission, sum(cost_micro_usd) AS cost FROM call_share
      WHERE capped GROUP BY 1) s USING (submission) WHERE b.micro_usd <> s.cost`,
  });
  expect(differing).toEqual([]);
  expect((await budgets(ids[0]!))['']![1]).toBeLessThanOrEqual(20_000);
  expect((await budgets(ids[1]!))['']![0]).toBeLessThanOrEqual(60);
});

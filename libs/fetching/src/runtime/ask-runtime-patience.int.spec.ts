import { randomUUID } from 'node:crypto';
import { postgresBreakers } from '../breakers/breaker-table.js';
import { SharedBreakers } from '../breakers/shared-breakers.js';
import { PermitDesk } from '../permits/permit-desk.js';
import { postgresPermits } from '../permits/postgres-permits.js';
import { eventually } from '@assay/testing';
import type { AskRequest } from './ask.js';
import { answerAll } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

const DAY = 86_400_000;
let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const units = (n: number) => Array.from({ length: n }, () => rig.newUnit());
const within = (expiresInMs: number, given: Partial<AskRequest> = {}) => ({
  expiresAt: Date.now() + expiresInMs,
  ...given,
});
const bulk = { lane: 'bulk', patienceMs: 60_000 } as const;

/** Runs once somebody's patience of 300 ms is over. */
function afterPatience(work: () => void): void {
  const begun = Date.now();
  void eventually(
    () => Date.now() - begun,
    (passed) => passed > 400,
  ).then(work);
}

/** What the shared permits hold as used of the first window. */
async function booked(provider: string): Promise<number> {
  const { rows } = await rig.database.query<{ used: number }>({
    text: `SELECT (state -> 'windows' -> 0 ->> 'used')::int AS used FROM permit WHERE provider = $1`,
    values: [provider],
  });
  return rows[0]!.used;
}

const desk = () => new PermitDesk(postgresPermits(rig.database));

test('one refusal does not spend what a day still holds', async () => {
  const runtime = rig.start({ limits: [{ permits: 100, perMs: DAY, of: 'calls' }] });
  await Promise.all(units(80).map((unit) => runtime.ask(wish(unit))));
  rig.stub.answer = (_, response) => {
    rig.stub.answer = answerAll;
    response.writeHead(429, { 'retry-after': '1' }).end();
  };
  const refused = runtime.ask(wish(rig.newUnit(), within(30_000, bulk)));
  expect(await refused).toMatchObject({ outcome: 'ok' });
}, 40_000);

test('a pause while permits of a day are in hand: they are not spent, and nobody is told so', async () => {
  const limits = [{ permits: 20, perMs: DAY, of: 'calls', resets: 'utc' }] as const;
  const runtime = rig.start({ id: 'paused', limits, concurrency: 4 }, undefined, undefined, {
    permits: desk(),
  });
  rig.stub.answer = (question, response, given) => {
    if (rig.stub.calls.length === 5) response.writeHead(429, { 'retry-after': '1' }).end();
    else answerAll(question, response, given);
  };
  const results = await Promise.all(units(26).map((unit) => runtime.ask(wish(unit, within(9_000, bulk)))));
  expect(rig.stub.calls).toHaveLength(20);
  expect(results.filter(({ outcome }) => outcome === 'ok')).toHaveLength(19);
  expect(new Set(results.map(({ detail }) => detail))).toEqual(new Set([undefined, 'quota']));
}, 20_000);

test('units that a batch did not take come back to their quota', async () => {
  const limits = [{ permits: 300, perMs: 30 * DAY, of: 'units' }] as const;
  const batch = { size: 100, lingerMs: 20 };
  const runtime = rig.start({ id: 'tails', limits, batch }, undefined, undefined, { permits: desk() });
  const ask = (n: number) => Promise.all(units(n).map((unit) => runtime.ask(wish(unit, { lane: 'bulk' }))));
  await ask(150);
  await eventually(
    () => booked('tails'),
    (used) => used === 150,
  );
  const rest = await ask(150);
  expect(new Set(rest.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  await eventually(
    () => booked('tails'),
    (used) => used === 300,
  );
}, 20_000);

test('express that joins a unit far back in the line of bulk goes in its own', async () => {
  const runtime = rig.start({ limits: [{ permits: 50, perMs: 60_000, of: 'calls' }], id: 'joined' });
  const all = units(60);
  const long = within(3_600_000, { lane: 'bulk', patienceMs: 3_600_000 });
  const waiting = all.map((unit) => runtime.ask(wish(unit, long)).catch(() => undefined));
  await eventually(
    () => rig.stub.calls.length,
    (calls) => calls > 0,
  );
  expect(await runtime.ask(wish(all[55]!))).toMatchObject({ outcome: 'ok' });
  expect(waiting).toHaveLength(60);
}, 20_000);

test.each([
  ['no limit', []],
  ['a free place', [{ permits: 10, perMs: 1_000, of: 'calls' as const }]],
])('whoever does not wait at all is answered where nothing makes it wait: %s', async (_, limits) => {
  const runtime = rig.start({ limits });
  expect(await runtime.ask(wish(rig.newUnit(), { patienceMs: 0 }))).toMatchObject({ outcome: 'ok' });
});

test('a call that fails late is made again inside the expiry, though patience is over', async () => {
  const runtime = rig.start({});
  rig.stub.answer = (_, response) =>
    afterPatience(() => {
      rig.stub.answer = answerAll;
      response.writeHead(503).end();
    });
  const result = await runtime.ask(wish(rig.newUnit(), within(10_000, { patienceMs: 300 })));
  expect([result.outcome, rig.stub.calls.length]).toEqual(['ok', 2]);
});

test('a batch that is refused late is asked in halves all the same', async () => {
  const runtime = rig.start({ batch: { size: 4, lingerMs: 20 } });
  const all = units(4);
  rig.stub.answer = (question, response, given) =>
    afterPatience(() => {
      if (given.includes(all[2]!)) response.writeHead(400).end();
      else answerAll(question, response, given);
    });
  const ask = (unit: string) => runtime.ask(wish(unit, within(10_000, { patienceMs: 300 })));
  const results = await Promise.all(all.map(ask));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'failed', 'ok']);
});

test('a breaker that another process opened is open for as long as there', async () => {
  const quiet = { warn: () => undefined, error: () => undefined };
  await postgresBreakers(rig.database, randomUUID()).open('ranks', 'ranks', 1_000, 'too many failures');
  const breakers = new SharedBreakers(postgresBreakers(rig.database, randomUUID()), quiet);
  const breaker = { volume: 3, errorPercent: 50, coolOffMs: 60_000 };
  const runtime = rig.start({ breaker }, undefined, undefined, { breakers });
  const open = await eventually(
    () => rig.states.find(({ state }) => state === 'open'),
    (state) => state !== undefined,
  );
  const { until = 0, at } = open!;
  expect(until - at).toBeLessThanOrEqual(1_000);
  expect(await runtime.ask(wish(rig.newUnit(), { patienceMs: 5_000 }))).toMatchObject({ outcome: 'ok' });
}, 20_000);

test('a spent quota is not believed to stay spent for years', async () => {
  const runtime = rig.start({ limits: [{ permits: 10, perMs: 1_000, of: 'calls' }] });
  rig.stub.answer = (_, response) => response.writeHead(402, { 'retry-after': '1795701110' }).end();
  const { until = 0 } = await runtime.ask(wish(rig.newUnit()));
  expect(until - Date.now()).toBeLessThanOrEqual(DAY);
});

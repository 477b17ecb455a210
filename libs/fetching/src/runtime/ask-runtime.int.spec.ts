import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '@assay/database';
import type { Lane } from '@assay/contracts';
import type { ProviderDefinition, Provider } from '@assay/providers';
import { testDatabase, type TestPart } from '@assay/testing';
import { postgresAnswers } from '../answers/postgres-answers.js';
import { RuntimeStopped, type AskRequest, type StateChange } from './ask.js';
import { createAskRuntime, type AskRuntime } from './ask-runtime.js';
import { answerAll, rankProvider, startStub, type Stub } from './runtime.fixture.js';

let postgres: TestPart<string>;
let database: OpenDatabase;
let stub: Stub;
const running: AskRuntime[] = [];
let states: StateChange[];
let logged: string;

beforeAll(async () => {
  postgres = await testDatabase();
  database = await openDatabase({ url: postgres.value, poolSize: 4, applicationName: 'fetching-spec' });
  stub = await startStub();
});

beforeEach(() => {
  stub.answer = answerAll;
  stub.calls.length = 0;
  states = [];
  logged = '';
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((runtime) => runtime.stop()));
});

afterAll(async () => {
  await stub.stop();
  await database.close();
  await postgres.stop();
});

const KEY = 'sim-secret';
let worker: string;

function start(
  given: Partial<ProviderDefinition> = {},
  provider: Provider = rankProvider(given),
): AskRuntime {
  const log = (fields: object, message: string) => (logged += JSON.stringify(fields) + message);
  worker = randomUUID();
  const runtime = createAskRuntime({
    provider,
    transport: stub.transport,
    answers: postgresAnswers(database, worker),
    logger: { warn: log, error: log },
    key: KEY,
    userAgent: 'Assay/test (+mailto:test@example.com)',
    onState: (change) => states.push(change),
  });
  running.push(runtime);
  return runtime;
}

let count = 0;
/** A unit nobody has asked about. */
const newUnit = () => `unit-${++count}.test`;

function wish(unit: string, given: Partial<AskRequest> = {}): AskRequest {
  const now = Date.now();
  return {
    question: { surface: 'ranks', unit },
    lane: 'express' as Lane,
    expiresAt: now + 10_000,
    patienceMs: 5_000,
    dispatchedAt: now,
    ...given,
  };
}

const answerRows = async (unit: string) =>
  (
    await database.query<{ id: string; numbers: unknown; outcome: string }>({
      text: 'SELECT id, numbers, outcome FROM answer WHERE unit = $1',
      values: [unit],
    })
  ).rows;

test('an answer is committed before it is given; absent is an answer too', async () => {
  const runtime = start();
  const unit = newUnit();
  const result = await runtime.ask(wish(unit));
  expect(result).toMatchObject({ outcome: 'ok' });
  expect(await answerRows(unit)).toEqual([
    { id: result.answer, numbers: { rank: unit.length }, outcome: 'ok' },
  ]);
  stub.answer = (_, response) => response.writeHead(404).end();
  const none = await runtime.ask(wish(newUnit()));
  expect(none).toMatchObject({ outcome: 'absent', answer: expect.any(String) as string });
});

test('many rows of one unit are one call, and later rows use its answer until it is too old for them', async () => {
  const runtime = start();
  const unit = newUnit();
  const results = await Promise.all(Array.from({ length: 500 }, () => runtime.ask(wish(unit))));
  expect(new Set(results.map(({ answer }) => answer)).size).toBe(1);
  expect(stub.calls).toHaveLength(1);
  expect((await runtime.ask(wish(unit))).answer).toBe(results[0]!.answer);
  expect((await start().ask(wish(unit))).answer).toBe(results[0]!.answer);
  expect(stub.calls).toHaveLength(1);
  const newer = await runtime.ask(wish(unit, { maxAgeMs: 0, dispatchedAt: Date.now() + 1_000 }));
  expect(newer.answer).not.toBe(results[0]!.answer);
  // A replay of the row that came first uses what was fetched since its dispatch.
  const replay = await runtime.ask(wish(unit, { maxAgeMs: 0, dispatchedAt: results[0]!.at }));
  expect(replay.answer).toBe(newer.answer);
  expect(stub.calls).toHaveLength(2);
});

test('another version of the adapter does not reuse its answers', async () => {
  const unit = newUnit();
  await start().ask(wish(unit));
  await start({ version: 2 }).ask(wish(unit));
  expect(stub.calls).toHaveLength(2);
});

test('batches are matched by key: reordered, missing and null items', async () => {
  const runtime = start({ batch: { size: 10, lingerMs: 20 }, retries: 0 });
  const units = Array.from({ length: 10 }, newUnit);
  stub.answer = (_, response, asked) => {
    const items = asked
      .slice(2)
      .reverse()
      .map((unit) => [unit, { rank: Number(unit.match(/\d+/)![0]) }]);
    response.end(
      JSON.stringify({ ...Object.fromEntries(items), [asked[1]!]: null, 'other.test': { rank: 1 } }),
    );
  };
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit))));
  expect(stub.calls).toHaveLength(1);
  expect(results[0]).toMatchObject({ outcome: 'failed', detail: 'malformed' });
  expect(results[1]).toMatchObject({ outcome: 'absent' });
  for (let i = 2; i < 10; i++)
    expect((await answerRows(units[i]!))[0]!.numbers).toEqual({ rank: Number(units[i]!.match(/\d+/)![0]) });
});

test('a batch spoilt by one bad unit is halved until only that one fails', async () => {
  const runtime = start({ batch: { size: 8, lingerMs: 20 } });
  const units = Array.from({ length: 8 }, newUnit);
  stub.answer = (request, response, asked) =>
    asked.includes(units[5]!) ? response.writeHead(400).end('bad unit') : answerAll(request, response, asked);
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit))));
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok,ok,failed,ok,ok');
  expect(results[5]).toMatchObject({ detail: 'bad_request' });
  expect(stub.calls).toHaveLength(7);
});

test.each([
  ['hangs', 'timeout', 3, () => undefined],
  [
    'cuts the connection in the body',
    'network',
    3,
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":');
      setImmediate(() => response.destroy());
    },
  ],
  ['answers 500', 'server', 4, (response) => response.writeHead(500).end('oops')],
  ['answers garbage', 'malformed', 2, (response) => response.end('<html>')],
  [
    'answers a number of the wrong type',
    'malformed',
    2,
    (response, unit) => response.end(JSON.stringify({ [unit]: { rank: '5' } })),
  ],
  [
    'answers a number outside its range',
    'malformed',
    2,
    (response, unit) => response.end(JSON.stringify({ [unit]: { rank: -1 } })),
  ],
  [
    'never ends its body',
    'malformed',
    2,
    (response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(1_024), () => setImmediate(more));
      };
      more();
    },
  ],
] as [string, string, number, (response: import('node:http').ServerResponse, unit: string) => void][])(
  'a provider that %s: failed(%s) after %d calls',
  async (_, detail, calls, answer) => {
    const runtime = start({ timeoutMs: 300 });
    stub.answer = (__, response, [unit]) => answer(response, unit!);
    expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail });
    expect(stub.calls).toHaveLength(calls);
  },
);

test('a failure that passes is not seen', async () => {
  const runtime = start();
  const unit = newUnit();
  stub.answer = (request, response, units) =>
    stub.calls.length < 3 ? response.writeHead(500).end() : answerAll(request, response, units);
  expect(await runtime.ask(wish(unit))).toMatchObject({ outcome: 'ok' });
  const { rows } = await database.query<{ class: string; calls: string }>({
    text: 'SELECT class, calls FROM call_minute WHERE worker = $1 ORDER BY class',
    values: [worker],
  });
  expect(rows).toEqual([
    { class: 'ok', calls: '1' },
    { class: 'server', calls: '2' },
  ]);
});

test.each([
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
])('429 with Retry-After as %s: the key waits, then asks again', async (_, retryAfter) => {
  const runtime = start();
  let refusedAt = 0;
  let askedAgainAt = 0;
  stub.answer = (request, response, units) => {
    if (stub.calls.length === 1) {
      refusedAt = Date.now();
      response.writeHead(429, { 'retry-after': retryAfter() }).end();
    } else {
      askedAgainAt ||= Date.now();
      answerAll(request, response, units);
    }
  };
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'ok' });
  expect(askedAgainAt - refusedAt).toBeGreaterThan(950);
  expect(states.map(({ state }) => state)).toEqual(['throttled', 'closed']);
});

test('429 for longer than its patience: failed for who asked, skipped for who waited, both with the time', async () => {
  const runtime = start({ concurrency: 1 });
  stub.answer = (_, response) => response.writeHead(429, { 'retry-after': '60' }).end();
  const now = Date.now();
  const [asked, waited] = await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  const later = await runtime.ask(wish(newUnit()));
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'rate_limited' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  expect(later).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  for (const { until } of [asked, waited, later]) expect(until! - now).toBeGreaterThan(59_000);
  expect(stub.calls).toHaveLength(1);
  expect(Date.now() - now).toBeLessThan(2_000);
});

test('a breaker opens, answers provider_down with the time, lets one call try, and closes', async () => {
  const runtime = start({ retries: 0, breaker: { volume: 10, errorPercent: 50, coolOffMs: 700 } });
  stub.answer = (_, response) => response.writeHead(503).end();
  const first = await Promise.all(Array.from({ length: 10 }, () => runtime.ask(wish(newUnit()))));
  expect(new Set(first.map(({ detail }) => detail))).toEqual(new Set(['server']));
  expect(states.at(-1)).toMatchObject({
    state: 'open',
    limitKey: 'ranks',
    until: expect.any(Number) as number,
  });
  const hasty = await runtime.ask(wish(newUnit(), { patienceMs: 100 }));
  expect(hasty).toMatchObject({
    outcome: 'skipped',
    detail: 'provider_down',
    until: expect.any(Number) as number,
  });
  expect(stub.calls).toHaveLength(10);
  stub.answer = answerAll;
  const patient = await Promise.all(Array.from({ length: 5 }, () => runtime.ask(wish(newUnit()))));
  expect(patient.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(states.map(({ state }) => state)).toEqual(['open', 'half_open', 'closed']);
});

test('absent and refused units do not open it', async () => {
  const runtime = start({ retries: 0, breaker: { volume: 5, errorPercent: 50, coolOffMs: 60_000 } });
  stub.answer = (_, response) => response.writeHead(stub.calls.length % 2 ? 404 : 400).end();
  await Promise.all(Array.from({ length: 20 }, () => runtime.ask(wish(newUnit()))));
  expect((await runtime.ask(wish(newUnit()))).outcome).not.toBe('skipped');
  expect(states).toEqual([]);
});

test('a refused key halts the provider, says so, and is never told', async () => {
  const runtime = start({ concurrency: 1 });
  stub.answer = (request, response) => response.writeHead(401).end(`no such key: ${request.url}`);
  const [asked, waited] = await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'auth' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'provider_down' });
  expect(states).toMatchObject([{ state: 'halted', limitKey: 'ranks' }]);
  expect(logged).toContain('ranks refuses our key');
  expect(JSON.stringify([asked, states]) + logged).not.toContain(KEY);
  expect(stub.calls).toHaveLength(1);
});

test('a spent quota stops the key until it comes back', async () => {
  const runtime = start();
  stub.answer = (_, response) => response.writeHead(402).end();
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail: 'quota' });
  const next = await runtime.ask(wish(newUnit(), { patienceMs: 3_600_000, expiresAt: Date.now() + 5_000 }));
  expect(next).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  expect(stub.calls).toHaveLength(1);
});

test('limits are kept, and what does not fit is told when it would', async () => {
  const runtime = start({ limits: [{ permits: 2, perMs: 400, of: 'calls' }] });
  const now = Date.now();
  const results = await Promise.all(
    Array.from({ length: 8 }, () => runtime.ask(wish(newUnit(), { patienceMs: 900 }))),
  );
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok,ok,ok,skipped,skipped');
  expect(results[7]).toMatchObject({ detail: 'quota' });
  expect(results[7]!.until! - now).toBeGreaterThan(1_190);
});

test('a row that is reached too late is skipped(expired); one that waits for a place too', async () => {
  const runtime = start({ concurrency: 1, retries: 0 });
  expect(await runtime.ask(wish(newUnit(), { expiresAt: Date.now() }))).toMatchObject({
    outcome: 'skipped',
    detail: 'expired',
  });
  stub.answer = () => undefined;
  const inTime = { expiresAt: Date.now() + 500 };
  const [asked, waited] = await Promise.all([
    runtime.ask(wish(newUnit(), inTime)),
    runtime.ask(wish(newUnit(), inTime)),
  ]);
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'timeout' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  expect(Date.now() - inTime.expiresAt).toBeLessThan(1_000);
});

test('a priced call is booked with its price, and not begun with less than its own timeout left', async () => {
  const runtime = start({ price: { microUsd: 250, per: 'unit' }, batch: { size: 4, lingerMs: 10 } });
  await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  const late = await runtime.ask(wish(newUnit(), { expiresAt: Date.now() + 1_500 }));
  expect(late).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  const { rows } = await database.query({
    text: 'SELECT provider, limit_key, units, class, cost_micro_usd FROM call',
  });
  expect(rows).toEqual([
    { provider: 'ranks', limit_key: 'ranks', units: 2, class: 'ok', cost_micro_usd: '500' },
  ]);
});

test('stop gives back what was not asked, and ends what was', async () => {
  const runtime = start({ concurrency: 1 });
  stub.answer = (request, response, units) => void setTimeout(() => answerAll(request, response, units), 200);
  const unit = newUnit();
  const asked = runtime.ask(wish(unit));
  const waiting = runtime.ask(wish(newUnit()));
  const refused = expect(waiting).rejects.toThrow(RuntimeStopped);
  while (stub.calls.length === 0) await new Promise(setImmediate);
  await runtime.stop();
  await refused;
  expect(await asked).toMatchObject({ outcome: 'ok' });
  expect(await answerRows(unit)).toHaveLength(1);
  await expect(runtime.ask(wish(newUnit()))).rejects.toThrow(RuntimeStopped);
});

test('a redirect to another host pays there, holds no place while it waits, and counts there', async () => {
  const provider: Provider = {
    ...(rankProvider() as ProviderDefinition),
    concurrency: 2,
    concurrencyPerKey: 1,
    limits: [{ permits: 1, perMs: 600, of: 'calls' }],
    limitKey: ({ unit }) => unit,
    *steps(questions) {
      const unit = questions[0]!.unit;
      yield [{ method: 'GET', url: 'http://common.test/robots.txt', sharedForMs: 60_000 }];
      yield [{ method: 'GET', url: `http://${unit}/start` }];
      yield [{ method: 'GET', url: 'http://target.test/end', limitKey: 'target.test' }];
      yield [{ method: 'GET', url: 'http://target.test/end2', limitKey: 'target.test' }];
      return new Map([[`ranks ${unit}`, { outcome: 'ok' as const, numbers: { rank: 1 } }]]);
    },
  };
  const runtime = start({}, provider);
  const began = Date.now();
  const results = await Promise.all(Array.from({ length: 4 }, () => runtime.ask(wish(newUnit()))));
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok');
  expect(Date.now() - began).toBeGreaterThan(1_800);
  const paths = stub.calls.map(({ path }) => path);
  expect(paths.filter((path) => path === '/robots.txt')).toHaveLength(1);
  expect(paths.filter((path) => path === '/end2')).toHaveLength(4);
  // All four had begun before the second got its permit at the target.
  expect(paths.lastIndexOf('/start')).toBeLessThan(paths.indexOf('/end2', paths.indexOf('/end2') + 1));
});

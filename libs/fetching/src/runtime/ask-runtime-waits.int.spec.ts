import type { ServerResponse } from 'node:http';
import type { Provider, ProviderDefinition } from '@assay/providers';
import { eventually } from '@assay/testing';
import { RuntimeStopped } from './ask.js';
import { answerAll, rankProvider } from './runtime.fixture.js';
import { KEY, SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const newUnit = () => rig.newUnit();

test.each([
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
])('429 with Retry-After as %s: the key waits, then asks again', async (_, retryAfter) => {
  const runtime = rig.start();
  let refusedAt = 0;
  let askedAgainAt = 0;
  rig.stub.answer = (request, response, units) => {
    if (rig.stub.calls.length === 1) {
      refusedAt = Date.now();
      response.writeHead(429, { 'retry-after': retryAfter() }).end();
    } else {
      askedAgainAt ||= Date.now();
      answerAll(request, response, units);
    }
  };
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'ok' });
  expect(askedAgainAt - refusedAt).toBeGreaterThan(950);
  expect(rig.states.map(({ state }) => state)).toEqual(['throttled', 'closed']);
});

test('429 for longer than its patience: failed for who asked, skipped for who waited, both with the time', async () => {
  const runtime = rig.start({ concurrency: 1 });
  rig.stub.answer = (_, response) => response.writeHead(429, { 'retry-after': '60' }).end();
  const now = Date.now();
  const [asked, waited] = await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  const later = await runtime.ask(wish(newUnit()));
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'rate_limited' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  expect(later).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  for (const { until } of [asked, waited, later]) expect(until! - now).toBeGreaterThan(59_000);
  expect(rig.stub.calls).toHaveLength(1);
  expect(Date.now() - now).toBeLessThan(2_000);
});

test.each([
  [429, 'rate_limited', { 'x-ratelimit-reset': '600' }],
  [429, 'rate_limited', { 'ratelimit-remaining': '0', 'ratelimit-reset': '600' }],
  [500, 'server', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '600' }],
])(
  '%i (%s) without Retry-After, with %j: nothing is asked before the reset',
  async (status, detail, headers) => {
    const runtime = rig.start({ concurrency: 1, retries: 0 });
    rig.stub.answer = (_, response) => response.writeHead(status, headers).end();
    const now = Date.now();
    expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail });
    const later = await runtime.ask(wish(newUnit(), { patienceMs: 5_000 }));
    expect(later).toMatchObject({ outcome: 'skipped', detail: 'quota' });
    expect(later.until! - now).toBeGreaterThan(599_000);
    expect(rig.stub.calls).toHaveLength(1);
    expect(rig.states.at(-1)).toMatchObject({ state: 'throttled' });
  },
);

test('a breaker opens, answers provider_down with the time, lets one call try, and closes', async () => {
  const runtime = rig.start({ retries: 0, breaker: { volume: 10, errorPercent: 50, coolOffMs: 700 } });
  rig.stub.answer = (_, response) => response.writeHead(503).end();
  const first = await Promise.all(Array.from({ length: 10 }, () => runtime.ask(wish(newUnit()))));
  expect(new Set(first.map(({ detail }) => detail))).toEqual(new Set(['server']));
  expect(rig.states.at(-1)).toMatchObject({
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
  expect(rig.stub.calls).toHaveLength(10);
  rig.stub.answer = answerAll;
  const patient = await Promise.all(Array.from({ length: 5 }, () => runtime.ask(wish(newUnit()))));
  expect(patient.every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(rig.states.map(({ state }) => state)).toEqual(['open', 'half_open', 'closed']);
});

test('absent and refused units do not open it', async () => {
  const runtime = rig.start({ retries: 0, breaker: { volume: 5, errorPercent: 50, coolOffMs: 60_000 } });
  rig.stub.answer = (_, response) => response.writeHead(rig.stub.calls.length % 2 ? 404 : 400).end();
  await Promise.all(Array.from({ length: 20 }, () => runtime.ask(wish(newUnit()))));
  expect((await runtime.ask(wish(newUnit()))).outcome).not.toBe('skipped');
  expect(rig.states).toEqual([]);
});

test('refused units open the breaker of a provider that punishes those who send many', async () => {
  const runtime = rig.start({
    retries: 0,
    breaker: { volume: 5, errorPercent: 50, coolOffMs: 60_000, countsBadRequest: true },
  });
  rig.stub.answer = (_, response) => response.writeHead(400).end();
  await Promise.all(Array.from({ length: 5 }, () => runtime.ask(wish(newUnit()))));
  expect(await runtime.ask(wish(newUnit(), { patienceMs: 100 }))).toMatchObject({
    outcome: 'skipped',
    detail: 'provider_down',
  });
  expect(rig.stub.calls).toHaveLength(5);
});

test('a refused key halts the provider, says so, and is never told', async () => {
  const runtime = rig.start({ concurrency: 1 });
  rig.stub.answer = (request, response) => response.writeHead(401).end(`no such key: ${request.url}`);
  const [asked, waited] = await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'auth' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'provider_down' });
  expect(rig.states).toMatchObject([{ state: 'halted', limitKey: 'ranks' }]);
  expect(rig.logged).toContain('ranks refuses our key');
  expect(JSON.stringify([asked, rig.states]) + rig.logged).not.toContain(KEY);
  expect(rig.stub.calls).toHaveLength(1);
});

test('a spent quota stops the key until it comes back', async () => {
  const runtime = rig.start();
  rig.stub.answer = (_, response) => response.writeHead(402).end();
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail: 'quota' });
  const next = await runtime.ask(wish(newUnit(), { patienceMs: 3_600_000, expiresAt: Date.now() + 5_000 }));
  expect(next).toMatchObject({ outcome: 'skipped', detail: 'quota' });
  expect(rig.stub.calls).toHaveLength(1);
});

test('limits are kept, and what does not fit is told when it would', async () => {
  const runtime = rig.start({ limits: [{ permits: 2, perMs: 400, of: 'calls' }] });
  const now = Date.now();
  const results = await Promise.all(
    Array.from({ length: 8 }, () => runtime.ask(wish(newUnit(), { patienceMs: 900 }))),
  );
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok,ok,skipped,skipped,skipped');
  expect(results[7]).toMatchObject({ detail: 'quota' });
  expect(results[7]!.until! - now).toBeGreaterThan(1_040);
});

test('a row that is reached too late is skipped(expired); one that waits for a place too', async () => {
  const runtime = rig.start({ concurrency: 1, retries: 0 });
  expect(await runtime.ask(wish(newUnit(), { expiresAt: Date.now() }))).toMatchObject({
    outcome: 'skipped',
    detail: 'expired',
  });
  rig.stub.answer = () => undefined;
  const inTime = { expiresAt: Date.now() + 500 };
  const [asked, waited] = await Promise.all([
    runtime.ask(wish(newUnit(), inTime)),
    runtime.ask(wish(newUnit(), inTime)),
  ]);
  expect(asked).toMatchObject({ outcome: 'failed', detail: 'timeout' });
  expect(waited).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  expect(Date.now() - inTime.expiresAt).toBeLessThan(1_000);
});

test('a priced call is booked with its price, and not begun where its whole timeout is not left', async () => {
  const runtime = rig.start({ price: { perUnitMicroUsd: 250 }, batch: { size: 4, lingerMs: 10 } });
  await Promise.all([runtime.ask(wish(newUnit())), runtime.ask(wish(newUnit()))]);
  // 2 s on bulk, a third of it on express.
  const tooLate = { bulk: 1_900, express: 600 };
  for (const lane of ['bulk', 'express'] as const) {
    const late = await runtime.ask(wish(newUnit(), { lane, expiresAt: Date.now() + tooLate[lane] }));
    expect(late).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  }
  const { rows } = await rig.database.query({
    text: 'SELECT provider, limit_key, requests, units, class, cost_micro_usd FROM call',
  });
  expect(rows).toEqual([
    { provider: 'ranks', limit_key: 'ranks', requests: 1, units: 2, class: 'ok', cost_micro_usd: '500' },
  ]);
});

test('stop gives back what was not asked, and ends what was', async () => {
  const runtime = rig.start({ concurrency: 1 });
  rig.stub.answer = (request, response, units) =>
    // oxlint-disable-next-line no-restricted-globals -- a provider that takes a while
    void setTimeout(() => answerAll(request, response, units), 200);
  const unit = newUnit();
  const asked = runtime.ask(wish(unit));
  const waiting = runtime.ask(wish(newUnit()));
  const refused = expect(waiting).rejects.toThrow(RuntimeStopped);
  while (rig.stub.calls.length === 0) await new Promise(setImmediate);
  await runtime.stop();
  await refused;
  expect(await asked).toMatchObject({ outcome: 'ok' });
  expect(await rig.answerRows(unit)).toHaveLength(1);
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
  const runtime = rig.start({}, provider);
  const began = Date.now();
  const results = await Promise.all(Array.from({ length: 4 }, () => runtime.ask(wish(newUnit()))));
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok');
  expect(Date.now() - began).toBeGreaterThan(1_800);
  const paths = rig.stub.calls.map(({ path }) => path);
  expect(paths.filter((path) => path === '/robots.txt')).toHaveLength(1);
  expect(paths.filter((path) => path === '/end2')).toHaveLength(4);
  // All four had begun before the second got its permit at the target.
  expect(paths.lastIndexOf('/start')).toBeLessThan(paths.indexOf('/end2', paths.indexOf('/end2') + 1));
});

test('who shares a request pays nothing for it; a step refused for want of permits opens no breaker', async () => {
  const provider: Provider = {
    ...(rankProvider() as ProviderDefinition),
    // Fewer places than questions: none of them may be needed for the request they share.
    concurrency: 4,
    limits: [{ permits: 2, perMs: 10_000, of: 'calls' }],
    breaker: { volume: 2, errorPercent: 50, coolOffMs: 60_000 },
    limitKey: ({ unit }) => unit,
    *steps(questions) {
      const unit = questions[0]!.unit;
      const limitKey = 'shared.test';
      yield [{ method: 'GET', url: 'http://shared.test/list', limitKey, sharedForMs: 60_000 }];
      if (unit.startsWith('far-'))
        yield [{ method: 'GET', url: 'http://narrow.test/', limitKey: 'narrow.test' }];
      return new Map([[`ranks ${unit}`, { outcome: 'ok' as const, numbers: { rank: 1 } }]]);
    },
  };
  const runtime = rig.start({}, provider);
  const ask = (prefix: string) => runtime.ask({ ...wish(`${prefix}${newUnit()}`), patienceMs: 1_000 });
  const near = await Promise.all(Array.from({ length: 12 }, () => ask('near-')));
  expect(near.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 12 }, () => 'ok'));
  expect(rig.stub.calls.filter(({ path }) => path === '/list')).toHaveLength(1);
  const far = await Promise.all(Array.from({ length: 12 }, () => ask('far-')));
  expect(far.map(({ outcome, detail }) => detail ?? outcome).sort()).toEqual([
    'ok',
    'ok',
    ...Array.from({ length: 10 }, () => 'quota'),
  ]);
  expect(rig.states).toEqual([]);
});

test('many refusals of one moment pause the key once', async () => {
  const runtime = rig.start({ retries: 0, concurrency: 16 });
  rig.stub.answer = (_, response) => {
    if (rig.stub.calls.length === 10) for (const one of waiting.splice(0)) one.writeHead(429).end();
    if (rig.stub.calls.length <= 9) waiting.push(response);
    else response.writeHead(429).end();
  };
  const waiting: ServerResponse[] = [];
  const now = Date.now();
  await Promise.all(Array.from({ length: 10 }, () => runtime.ask(wish(newUnit()))));
  const untils = rig.states.filter(({ state }) => state === 'throttled').map(({ until }) => until! - now);
  expect(untils.length).toBeGreaterThan(0);
  expect(Math.max(...untils)).toBeLessThan(5_000);
});

test('a person who joins a bulk question that is being looked up is answered as soon as if he asked alone', async () => {
  const runtime = rig.start({ limits: [{ permits: 5, perMs: 1_000, of: 'calls' }] });
  const patient = () => ({ lane: 'bulk' as const, patienceMs: 60_000, expiresAt: Date.now() + 60_000 });
  const bulk = (unit: string) => void runtime.ask(wish(unit, patient())).catch(() => undefined);
  for (let n = 0; n < 50; n++) bulk(newUnit());
  await eventually(
    () => rig.stub.calls,
    ({ length }) => length > 0,
  );
  const unit = newUnit();
  bulk(unit);
  expect(await runtime.ask(wish(unit))).toMatchObject({ outcome: 'ok' });
});

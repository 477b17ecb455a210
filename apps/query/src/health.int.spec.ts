import { randomUUID } from 'node:crypto';
import { latencyBucket } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { json, runningQuery, type List } from '../test/running-query.js';
import { testProviders, type SeedSubmission } from '../test/seed.js';
import type { Health } from './openapi/health-shapes.js';

const RUNNING: SeedSubmission = { id: '019b0000-0000-7000-8000-00000000000a', asks: ['page'], rows: [] };
const SECRET = 'sim-very-secret';
let query: Awaited<ReturnType<typeof runningQuery>>;

beforeAll(async () => {
  const [page, dns, moz] = testProviders;
  const limits = [{ permits: 1_000, perMs: 86_400_000, of: 'calls' as const, resets: 'utc' as const }];
  query = await runningQuery([RUNNING], [page!, dns!, { ...moz!, limits }], { MOZ_TOKEN: SECRET });
}, 60_000);
afterAll(() => query?.stop());
afterEach(() =>
  query.client.query('TRUNCATE provider_stat, provider_state, breaker, permit, parked, worker'),
);

async function healthOf(id: string): Promise<Health> {
  const { items } = await json<List<{ id: string; health: Health }>>(`${query.url}/v1/providers`);
  return items.find((item) => item.id === id)!.health;
}

interface Stat {
  readonly calls: number;
  readonly byClass: Record<string, number>;
  readonly ms: number;
  readonly key?: string;
  readonly waiting?: number;
  readonly lag?: number;
  readonly age?: number;
}

/** One worker's row about moz. */
function stat({ calls, byClass, ms, key = '', waiting, lag, age = 0 }: Stat) {
  return query.client.query(
    `INSERT INTO provider_stat VALUES ('moz', $1, gen_random_uuid(), $2, $3, NULL, NULL, $4, 60000, 1, $5, $6,
       now() - make_interval(secs => $7))`,
    [key, calls, byClass, { [latencyBucket(ms)]: calls }, waiting ?? null, lag ?? null, age],
  );
}

const permit = (state: object) =>
  query.client.query(`INSERT INTO permit VALUES ('moz', 'moz', 0, 1, $1, now())`, [JSON.stringify(state)]);

test('nothing was said: every figure is null, what is counted in tables is 0', async () => {
  expect(await healthOf('moz')).toEqual({
    state: 'unknown',
    keys: 0,
    troubled: 0,
    open: 0,
    halfOpen: 0,
    troubles: [],
    calls: null,
    byClass: {},
    callsPerMinute: null,
    successRate: null,
    rateLimitedShare: null,
    p50Ms: null,
    p95Ms: null,
    quota: null,
    parked: 0,
    inFlight: null,
    waiting: null,
    lag: null,
    workers: 0,
  });
});

test('what several workers wrote is one health; rows older than a minute are passed over', async () => {
  await stat({ calls: 90, byClass: { ok: 80, absent: 10 }, ms: 10, waiting: 5, lag: 3 });
  await stat({ calls: 10, byClass: { rate_limited: 10 }, ms: 5_000, waiting: 7, lag: 4 });
  await stat({ calls: 50, byClass: { ok: 50 }, ms: 10, waiting: 99, lag: 99, age: 40 });
  await stat({ calls: 1_000, byClass: { server: 1_000 }, ms: 10, waiting: 99, lag: 99, age: 61 });
  await stat({ calls: 90, byClass: { ok: 80, absent: 10 }, ms: 10, key: 'moz' });
  await query.client.query(`INSERT INTO worker VALUES
    (gen_random_uuid(), '{moz,page}', now(), now()), (gen_random_uuid(), '{page}', now(), now()),
    (gen_random_uuid(), '{moz}', now(), now() - interval '16 seconds')`);
  const health = await healthOf('moz');
  expect(health).toMatchObject({
    state: 'closed',
    keys: 1,
    calls: 150,
    callsPerMinute: 150,
    successRate: 140 / 150,
    rateLimitedShare: 10 / 150,
    inFlight: 2,
    waiting: 12,
    lag: 7,
    workers: 1,
  });
  expect(health.p50Ms).toBeLessThan(11);
  expect(health.p95Ms).toBeGreaterThan(4_500);
});

test('the last minute of a worker that was killed does not count beside that of its successor', async () => {
  await stat({ calls: 50, byClass: { ok: 50 }, ms: 10, age: 90 });
  expect(await healthOf('moz')).toMatchObject({ calls: null, callsPerMinute: null, successRate: null });
  await stat({ calls: 50, byClass: { ok: 50 }, ms: 10 });
  expect(await healthOf('moz')).toMatchObject({ calls: 50, callsPerMinute: 50 });
});

test('an open breaker that all workers share is the state of its key, with the figures and parked cells of that key', async () => {
  await query.client.query(`INSERT INTO breaker VALUES
    ('moz', 'moz', now() + interval '1 minute', '12 of 12 calls failed', NULL, NULL, now()),
    ('moz', 'other', now() - interval '1 second', 'over', gen_random_uuid(), now() + interval '1 minute', now()),
    ('moz', 'well', NULL, 'over', NULL, NULL, now())`);
  await query.client.query(`INSERT INTO provider_state VALUES
    ('moz', 'moz', gen_random_uuid(), 'throttled', 'slow down', now() + interval '1 minute', now())`);
  await stat({ calls: 12, byClass: { server: 12 }, ms: 10, key: 'moz' });
  for (const [seq, key] of ['moz', 'moz', 'other', 'well'].entries())
    await query.client.query(
      `INSERT INTO parked VALUES ('moz', 'moz.url', $1, $2, 0, 'bulk', 0, $3, 'u', '{}', now(), now(), now())`,
      [RUNNING.id, seq, key],
    );
  const health = await healthOf('moz');
  expect(health).toMatchObject({ state: 'open', keys: 3, troubled: 2, open: 1, halfOpen: 1, parked: 4 });
  expect(health.calls).toBeNull();
  const open = health.troubles.find(({ limitKey }) => limitKey === 'moz');
  expect(open).toMatchObject({
    state: 'open',
    reason: '12 of 12 calls failed',
    calls: 12,
    byClass: { server: 12 },
    successRate: 0,
    parked: 2,
  });
  const trying = health.troubles.find(({ limitKey }) => limitKey === 'other');
  expect(trying).toMatchObject({
    state: 'half_open',
    until: null,
    calls: null,
    successRate: null,
    parked: 1,
  });
});

const unproven = (key: string) =>
  query.client.query(
    `INSERT INTO breaker VALUES ('moz', $1, now() - interval '5 minutes', 'too many failures', NULL, NULL,
       now() - interval '7 minutes')`,
    [key],
  );

test('a breaker whose time is over is not closed until a try succeeds, whether anybody tries or not', async () => {
  await unproven('moz');
  expect(await healthOf('moz')).toMatchObject({
    state: 'half_open',
    troubled: 1,
    open: 0,
    halfOpen: 1,
    troubles: [{ limitKey: 'moz', state: 'half_open', reason: 'too many failures', until: null }],
  });
  const half = 'assay_provider_breaker_half_open{provider="moz",limit_key=""}';
  const series = await eventually(scrape, (seen) => seen.get(half) === 1);
  expect(series.get('assay_provider_breaker_half_open{provider="moz",limit_key="moz"}')).toBe(1);
  expect(series.get('assay_provider_breaker_open{provider="moz",limit_key=""}')).toBe(0);
  await query.client.query('UPDATE breaker SET open_until = NULL');
  expect(await healthOf('moz')).toMatchObject({ state: 'closed', troubled: 0, halfOpen: 0 });
});

test('many that wait for a try do not hide what is halted', async () => {
  for (let n = 0; n < 25; n++) await unproven(`k${n}`);
  const worker = randomUUID();
  await query.client.query(`INSERT INTO worker VALUES ($1, '{moz}', now(), now())`, [worker]);
  await query.client.query(
    `INSERT INTO provider_state VALUES
     ('moz', 'old', $1, 'halted', 'the key is refused', NULL, now() - interval '5 hours')`,
    [worker],
  );
  const { state, troubles } = await healthOf('moz');
  expect([state, troubles.length, troubles[0]?.limitKey]).toEqual(['halted', 20, 'old']);
});

test('what a worker said counts while it lives, and two minutes after it was killed', async () => {
  const [alive, killed, gone] = Array.from({ length: 3 }, () => randomUUID());
  await query.client.query(
    `INSERT INTO worker VALUES ($1, '{moz}', now(), now()), ($2, '{moz}', now(), now() - interval '1 minute')`,
    [alive, killed],
  );
  await query.client.query(
    `INSERT INTO provider_state VALUES
     ('moz', 'alive', $1, 'halted', 'the key is refused', NULL, now() - interval '5 hours'),
     ('moz', 'fresh', $2, 'half_open', 'trying', NULL, now() - interval '1 minute'),
     ('moz', 'killed', $2, 'half_open', 'trying', NULL, now() - interval '5 hours'),
     ('moz', 'gone', $3, 'halted', 'the key is refused', NULL, now() - interval '5 hours')`,
    [alive, killed, gone],
  );
  const { keys, troubled, troubles } = await healthOf('moz');
  expect([keys, troubled, troubles.map(({ limitKey }) => limitKey)]).toEqual([2, 2, ['alive', 'fresh']]);
  await query.client.query('TRUNCATE worker');
  expect(await healthOf('moz')).toMatchObject({ state: 'half_open', keys: 1 });
});

test('a spent quota is a trouble of its own until it comes back', async () => {
  const resetsAt = Date.now() + 3_600_000;
  const window = { kind: 'calendar', ms: 86_400_000, of: 'calls', permits: 1_000, used: 1_000, resetsAt };
  await permit({ windows: [window] });
  const until = new Date(resetsAt).toISOString();
  expect(await healthOf('moz')).toMatchObject({
    state: 'throttled',
    keys: 1,
    troubled: 1,
    quota: { left: 0, permits: 1_000, resetsAt: until },
    troubles: [{ limitKey: 'moz', state: 'throttled', reason: 'quota spent', until }],
  });
  await unproven('moz');
  await unproven('other');
  const { troubled, troubles } = await healthOf('moz');
  expect([troubled, ...troubles.map(({ limitKey, state }) => [limitKey, state])]).toEqual([
    2,
    ['moz', 'throttled'],
    ['other', 'half_open'],
  ]);
});

test('a permit that cannot be read keeps no provider from being shown', async () => {
  await permit({ windows: { broken: true } });
  expect(await healthOf('moz')).toMatchObject({ state: 'closed', quota: null });
});

/** Series by name and labels. */
async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(`${query.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain('NaN');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

test('Prometheus reads the same figures; what is not known has no series', async () => {
  await stat({ calls: 100, byClass: { ok: 75, rate_limited: 25 }, ms: 1_000, waiting: 5 });
  await query.client.query(`INSERT INTO breaker VALUES
    ('moz', 'moz', now() + interval '1 minute', 'failing', NULL, NULL, now())`);
  const window = { kind: 'sliding', ms: 86_400_000, of: 'calls', permits: 1_000, used: 400 };
  await permit({ windows: [{ ...window, resetsAt: Date.now() + 100_000 }] });
  const moz = 'provider="moz",limit_key=""';
  const series = await eventually(scrape, (seen) => seen.has(`assay_provider_waiting{${moz}}`));
  const told = (name: string, labels = moz) => series.get(`assay_provider_${name}{${labels}}`);
  expect([told('calls_per_minute'), told('success_ratio'), told('rate_limited_ratio')]).toEqual([
    100, 0.75, 0.25,
  ]);
  expect(told('latency_seconds', `${moz},quantile="0.5"`)).toBeCloseTo(1, 0.7);
  expect([told('breaker_open'), told('breaker_open', 'provider="moz",limit_key="moz"')]).toEqual([1, 1]);
  expect([told('quota_left'), told('parked'), told('waiting')]).toEqual([600, 0, 5]);
  expect(told('quota_reset_seconds')).toBeGreaterThan(90);
  expect(told('lag')).toBeUndefined();
  expect(told('success_ratio', 'provider="page",limit_key=""')).toBeUndefined();
  expect(told('parked', 'provider="page",limit_key=""')).toBe(0);
  expect(series.get('assay_submissions_open{state="running"}')).toBe(1);
  expect(series.get('process_cpu_seconds_total')).toBeGreaterThan(0);
});

test('a series that is known no more goes with the next reading', async () => {
  await stat({ calls: 1, byClass: { ok: 1 }, ms: 10 });
  const name = 'assay_provider_success_ratio{provider="moz",limit_key=""}';
  await eventually(scrape, (seen) => seen.get(name) === 1);
  await query.client.query('TRUNCATE provider_stat');
  await eventually(scrape, (seen) => !seen.has(name));
});

test('every series says what it is and in which unit', async () => {
  const text = await (await fetch(`${query.url}/metrics`)).text();
  const help = [...text.matchAll(/^# HELP (assay_\w+) (.+)$/gm)].map(([, name, words]) => [name!, words!]);
  expect(help.length).toBe(18);
  for (const [name, words] of help)
    expect([name, words]).toEqual([
      name,
      expect.stringMatching(/count|seconds|0 to 1|per minute|entries, or bytes|in the unit of its fill/i),
    ]);
});

import { forecast, type KeyLoad, type ListTerms, type ProviderLoad } from './forecast.js';
import type { PlanWindow } from './limit-pace.js';

const HOUR = 3_600_000;
const terms: ListTerms = {
  rows: 10_000,
  lane: 'bulk',
  round1Ms: 6 * HOUR,
  deadlineMs: 24 * HOUR,
  patienceMs: HOUR,
  inFlightRows: 20_000,
};
const window = (permits: number, perMs: number, left = permits): PlanWindow => ({
  of: 'calls',
  permits,
  perMs,
  keys: 1,
  left,
  backInMs: perMs,
});
const key = (units: number, windows: PlanWindow[], more: Partial<KeyLoad> = {}): KeyLoad => ({
  name: 'k',
  keys: 1,
  units,
  batches: units,
  permits: units,
  requestsInTurn: 1,
  round: 1,
  windows,
  pausedMs: 0,
  ...more,
});
const load = (keys: KeyLoad[], more: Partial<ProviderLoad> = {}): ProviderLoad => ({
  provider: 'p',
  concurrency: 100,
  concurrencyPerKey: 100,
  keys,
  ...more,
});
const foresee = (loads: ProviderLoad[], more: Partial<ListTerms> = {}) =>
  forecast(loads, { ...terms, ...more });
const of = (loads: ProviderLoad[], more: Partial<ListTerms> = {}) => foresee(loads, more).providers.get('p')!;

test('the rate of a limit sets the end', () => {
  // 2,000 at 20 a second, five in a hundred slower.
  const { endMs, short } = of([load([key(2_000, [window(20, 1_000)])])]);
  expect(endMs).toBeGreaterThan(100_000);
  expect(endMs).toBeLessThan(110_000);
  expect(short).toBeUndefined();
});

test('the slowest of several windows counts', () => {
  const { endMs } = of([load([key(600, [window(10, 1_000), window(60, 60_000)])])]);
  // A tenth of the minute is left to express.
  expect(Math.round(endMs / 60_000)).toBe(12);
});

test('what asks in batches takes fewer permits; several keys of ours share the work', () => {
  const batches = { batches: 20, permits: 20 };
  expect(of([load([key(1_000, [window(1, 1_000)], batches)])]).endMs).toBeCloseTo(19 * 1_100 + 200, -2);
  const two = { ...window(1, 1_000), keys: 2, left: 2 };
  expect(of([load([key(1_000, [two], batches)])]).endMs).toBeCloseTo(19 * 550 + 200, -2);
});

test('without a limit the places for calls decide', () => {
  expect(of([load([key(10_000, [])], { concurrency: 10, concurrencyPerKey: 10 })]).endMs).toBe(200_000);
  expect(of([load([key(100, [])], { concurrency: 10, concurrencyPerKey: 1 })]).endMs).toBe(20_000);
});

test('hosts go side by side: the largest sets the end', () => {
  const hosts = [key(1, [window(1, 1_000)], { keys: 500 }), key(60, [window(1, 1_000)], { name: 'large' })];
  const { endMs } = of([load(hosts, { concurrency: 64, concurrencyPerKey: 1 })]);
  expect(endMs).toBeCloseTo(59 * 1_100 + 200, -3);
});

test('what would wait longer than patience is skipped', () => {
  const { short, endMs } = of([load([key(10_000, [window(1, 1_000)])])]);
  expect(short).toMatchObject({
    endedBy: 'patience',
    units: 6_727,
    unitsOfKey: 10_000,
    waitMs: HOUR,
  });
  expect(endMs).toBeLessThan(HOUR + 1_000);
});

test('a deadline before the end of patience counts', () => {
  const { short } = of([load([key(10_000, [window(1, 1_000)])])], { round1Ms: 1_002_000 });
  expect(short).toMatchObject({ endedBy: 'deadline', waitMs: 1_000_000 });
});

test('a list longer than what may be in flight goes at the pace of a key whose queue stays short enough', () => {
  const { short, endMs } = of([load([key(100_000, [window(10, 1_000)])])], { rows: 100_000 });
  expect(short).toBeUndefined();
  expect(endMs).toBeCloseTo(100_000 * 105, -4);
});

test('a million URLs of one host: those in the first hour, and in the time in which the list passes by', () => {
  const { short } = of(
    [load([key(1_000_000, [window(1, 1_000)])], { concurrency: 64, concurrencyPerKey: 1 })],
    {
      rows: 1_000_000,
    },
  );
  // It passes by in 3,063 s, 64 at a time: one in 1.1 s for 6,663 s.
  expect(1_000_000 - short!.units).toBe(6_057);
  expect(short!.wholeMs / 86_400_000).toBeCloseTo(12.7, 1);
});

test('of a quota what is left is spent; the rest comes back too late', () => {
  const daily = window(1_000, 86_400_000, 400);
  const { short } = of([load([key(3_000, [{ ...daily, backInMs: 5 * HOUR }])])]);
  expect(short).toMatchObject({ units: 2_600, backInMs: 5 * HOUR });
  expect(of([load([key(1_400, [{ ...daily, backInMs: HOUR / 2 }])])]).short).toBeUndefined();
});

test('a provider that pauses longer than anybody waits answers nothing', () => {
  const { short } = of([load([key(5, [window(1, 1_000)], { pausedMs: 2 * HOUR })])]);
  expect(short).toMatchObject({ units: 5, backInMs: 2 * HOUR });
});

test('round two is not done before round one has found its facts', () => {
  const page = load([key(100, [window(1, 1_000)])], { provider: 'page' });
  const moz = load([key(100, [], { round: 2 })], { after: 'page' });
  const all = foresee([moz, page]);
  expect(all.providers.get('p')!.endMs).toBe(all.providers.get('page')!.endMs + 200);
  expect(foresee([moz, { ...page, keys: [] }]).endMs).toBeLessThan(1_000);
});

test('nothing to ask is done at once', () => {
  expect(foresee([load([])])).toMatchObject({ endMs: 0 });
});

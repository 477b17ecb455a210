import { latencyBucket, type ClassCounts } from '@assay/contracts';
import { callFigures, gauges, type StatRecord } from './call-figures.js';

const record = (
  byClass: ClassCounts,
  latencies: Record<number, number>,
  given: Partial<StatRecord> = {},
) => ({
  provider: 'moz',
  limit_key: '',
  calls: Object.values(byClass).reduce((sum, n) => sum + n, 0),
  by_class: byClass,
  histogram: Object.fromEntries(Object.entries(latencies).map(([ms, n]) => [latencyBucket(Number(ms)), n])),
  span_ms: 60_000,
  in_flight: 1,
  waiting: 10,
  lag: '100',
  fresh: true,
  ...given,
});

test('without a report nothing is known: no figure is 0', () => {
  expect(callFigures([])).toEqual({
    calls: null,
    byClass: {},
    callsPerMinute: null,
    successRate: null,
    rateLimitedShare: null,
    p50Ms: null,
    p95Ms: null,
  });
  expect(gauges([])).toEqual({ inFlight: null, waiting: null, lag: null });
});

test('a report without calls says 0 calls, and nothing of how they would end', () => {
  expect(callFigures([record({}, {})])).toMatchObject({
    calls: 0,
    callsPerMinute: 0,
    successRate: null,
    rateLimitedShare: null,
    p50Ms: null,
  });
  expect(callFigures([record({ skipped: 3 }, {})])).toMatchObject({ calls: 3, successRate: null });
});

test('workers count by their calls: shares are not averaged, latencies are merged', () => {
  const many = record({ ok: 90, absent: 8, rate_limited: 2 }, { 10: 99, 20: 1 });
  const few = record({ server: 10, skipped: 5 }, { 9_000: 10 }, { span_ms: 50_000 });
  const figures = callFigures([many, few]);
  expect(figures).toMatchObject({
    calls: 115,
    byClass: { ok: 90, absent: 8, rate_limited: 2, server: 10, skipped: 5 },
    callsPerMinute: 118,
    successRate: 98 / 110,
    rateLimitedShare: 2 / 110,
  });
  expect(figures.p50Ms).toBeGreaterThan(9);
  expect(figures.p50Ms).toBeLessThan(11);
  expect(figures.p95Ms).toBeGreaterThan(8_100);
});

test('what is true of a moment counts from living workers only, and from those that know it', () => {
  const dead = record({ ok: 1 }, {}, { fresh: false, waiting: 999, lag: '999' });
  const unsure = record({ ok: 1 }, {}, { lag: null, in_flight: 0 });
  expect(gauges([dead, unsure, record({}, {})])).toEqual({ inFlight: 1, waiting: 20, lag: 100 });
  expect(gauges([dead])).toEqual({ inFlight: null, waiting: null, lag: null });
});

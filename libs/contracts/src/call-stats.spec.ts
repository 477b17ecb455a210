import fc from 'fast-check';
import { addCounts, latencyBucket, quantileMs, type Histogram } from './call-stats.js';

const histogramOf = (latencies: readonly number[]) => {
  const histogram: Histogram = {};
  for (const ms of latencies) addCounts(histogram, { [latencyBucket(ms)]: 1 });
  return histogram;
};

test('a bucket stands for its latencies by 10 % at most, up to a quarter of an hour', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 900_000, noNaN: true }), (ms) => {
      expect(Math.abs(quantileMs(histogramOf([ms]), 1)! / ms - 1)).toBeLessThan(0.1);
    }),
  );
});

test('buckets rise with the latency, at their bounds too', () => {
  for (let n = 1; n < 76; n++)
    expect([latencyBucket(1.2 ** n), latencyBucket(1.2 ** n + 0.01)]).toEqual([n, n + 1]);
  expect([-5, 0, 0.3, 1, Number.NaN].map(latencyBucket)).toEqual([0, 0, 0, 0, 0]);
  expect(latencyBucket(Infinity)).toBe(76);
});

test('the quantile of two workers is that of all their calls, not the mean of two quantiles', () => {
  const merged: Histogram = {};
  addCounts(merged, histogramOf(Array.from({ length: 99 }, () => 10)));
  addCounts(merged, histogramOf([10_000]));
  expect(quantileMs(merged, 0.5)).toBeCloseTo(10, -0.5);
  expect(quantileMs(merged, 0.95)).toBeLessThan(11);
  expect(quantileMs(merged, 1)).toBeGreaterThan(9_000);
  expect(quantileMs({}, 0.5)).toBeNull();
});

import { LagTrends } from './lag-trend.js';
import type { ProviderInfo } from './provider-lines.js';

const moz = (lag: number | null, callsPerMinute: number | null = null, unitsPerCall = 1): ProviderInfo => ({
  id: 'moz',
  enabled: true,
  unitsPerCall,
  health: { keys: 1, troubled: 0, troubles: [], callsPerMinute, waiting: 0, parked: 0, lag },
});

function seen(...looks: readonly (readonly [at: number, provider: ProviderInfo])[]): number | undefined {
  const trends = new LagTrends();
  for (const [at, provider] of looks) trends.note([provider], at);
  return trends.behindMs(looks.at(-1)![1]);
}

test('a queue takes as long as it was seen to shrink, over 10 s at least', () => {
  expect(seen([0, moz(200)], [10_000, moz(100)])).toBe(10_000);
  expect(seen([0, moz(200)], [9_000, moz(100)])).toBeUndefined();
  expect(seen([0, moz(9_000)], [30_000, moz(200)], [40_000, moz(100)])).toBe(10_000);
});

test('the calls made count where the queue is filled up as fast', () => {
  expect(seen([0, moz(100)], [10_000, moz(100, 60)])).toBe(100_000);
  expect(seen([0, moz(100)], [10_000, moz(100, 60, 50)])).toBe(2_000);
});

test('an empty queue, an unknown one and one that stands still tell nothing', () => {
  expect(seen([0, moz(100)], [10_000, moz(0, 60)])).toBeUndefined();
  expect(seen([0, moz(200)], [5_000, moz(null)], [12_000, moz(100, 60)])).toBeUndefined();
  expect(seen([0, moz(100)], [10_000, moz(100, null)])).toBeUndefined();
  expect(seen([0, moz(100)], [10_000, moz(150, 0)])).toBeUndefined();
});

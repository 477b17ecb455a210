import { MAX_TRIES, retryDelay } from './retry-delay.js';

test('waits 1, 2, 4, 8, 12 s, a quarter more or less: some 27 s in all', () => {
  const tries = Array.from({ length: MAX_TRIES - 1 }, (_, i) => i + 1);
  expect(tries.map((failed) => retryDelay(failed, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 12_000]);
  expect(retryDelay(1, 0)).toBe(750);
  expect(retryDelay(1, 0.999)).toBeLessThanOrEqual(1_250);
});

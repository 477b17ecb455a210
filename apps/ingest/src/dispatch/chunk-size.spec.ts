import fc from 'fast-check';
import { chunkSize } from './chunk-size.js';

test('a small list goes whole, a long one in chunks of 500, the last what is left', () => {
  expect(chunkSize({ accepted: 100, dispatched: 0, final: 0 }, 20_000)).toBe(100);
  expect(chunkSize({ accepted: 101, dispatched: 0, final: 0 }, 20_000)).toBe(101);
  expect(chunkSize({ accepted: 50_000, dispatched: 0, final: 0 }, 20_000)).toBe(500);
  expect(chunkSize({ accepted: 50_000, dispatched: 49_900, final: 49_000 }, 20_000)).toBe(100);
});

test('no more than 20,000 in flight, however it got there', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(100_000), (left, inFlight, final) => {
      const dispatched = final + inFlight;
      const size = chunkSize({ accepted: 101 + dispatched + left, dispatched, final }, 20_000);
      expect(size).toBeLessThanOrEqual(left + 101);
      if (size > 0) expect(dispatched + size - final).toBeLessThanOrEqual(20_000);
    }),
  );
  expect(chunkSize({ accepted: 50_000, dispatched: 20_000, final: 499 }, 20_000)).toBe(0);
  expect(chunkSize({ accepted: 50_000, dispatched: 20_000, final: 500 }, 20_000)).toBe(500);
});

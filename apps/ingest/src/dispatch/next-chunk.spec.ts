import fc from 'fast-check';
import { isComplete, nextChunk, type Progress } from './next-chunk.js';

const NONE = { rows: 0, dispatched: 0, arrived: 0 };
const spool = (accepted: number, dispatched = 0, final = 0): Progress => ({
  accepted,
  dispatched,
  final,
  retry: NONE,
});
const retried = (rows: number, dispatched: number, arrived: number, final = 50_000): Progress => ({
  ...spool(50_000, 50_000, final),
  retry: { rows, dispatched, arrived },
});

test('a small list goes whole, a long one in chunks of 500, the last what is left', () => {
  const sizes = [spool(100), spool(101), spool(50_000), spool(50_000, 49_900, 49_000)].map(
    (progress) => nextChunk(progress, 20_000)?.rows,
  );
  expect(sizes).toEqual([100, 101, 500, 100]);
  expect(nextChunk(spool(50_000, 50_000), 20_000)).toBeUndefined();
});

test('no more than 20,000 in flight, however it got there', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), fc.nat(100_000), (left, inFlight, final) => {
      const dispatched = final + inFlight;
      const rows = nextChunk(spool(101 + dispatched + left, dispatched, final), 20_000)?.rows ?? 0;
      expect(rows).toBeLessThanOrEqual(left + 101);
      if (rows > 0) expect(dispatched + rows - final).toBeLessThanOrEqual(20_000);
    }),
  );
  expect(nextChunk(spool(50_000, 20_000, 499), 20_000)).toBeUndefined();
  expect(nextChunk(spool(50_000, 20_000, 500), 20_000)?.rows).toBe(500);
});

test('rows of a retry go first and are in flight from their dispatch, though they still count as final', () => {
  expect(nextChunk(retried(30_000, 0, 0), 20_000)).toEqual({ of: 'retry', rows: 500 });
  expect(nextChunk(retried(30_000, 20_000, 0), 20_000)).toBeUndefined();
  expect(nextChunk(retried(30_000, 20_000, 20_000, 30_000), 20_000)).toBeUndefined();
  expect(nextChunk(retried(30_000, 20_000, 20_000, 30_500), 20_000)).toEqual({ of: 'retry', rows: 500 });
  const both = { ...spool(60_000, 50_000, 50_000), retry: { rows: 7, dispatched: 7, arrived: 7 } };
  expect(nextChunk(both, 20_000)).toEqual({ of: 'spool', rows: 500 });
});

test('complete: each row final, and each retried one seen in its gen', () => {
  expect(isComplete(spool(3, 3, 3))).toBe(true);
  expect(isComplete(spool(3, 3, 2))).toBe(false);
  expect(isComplete(spool(3, 2, 2))).toBe(false);
  expect(isComplete(retried(9, 9, 8))).toBe(false);
  expect(isComplete(retried(9, 0, 0))).toBe(false);
  expect(isComplete(retried(9, 9, 9, 49_999))).toBe(false);
  expect(isComplete(retried(9, 9, 9))).toBe(true);
});

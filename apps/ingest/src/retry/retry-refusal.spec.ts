import type { Progress } from '../dispatch/next-chunk.js';
import { retryRefusal } from './retry-refusal.js';

const DONE: Progress = {
  accepted: 9,
  dispatched: 9,
  final: 9,
  retry: { rows: 4, dispatched: 4, arrived: 4 },
};

test('what has rows that are final can be retried, whatever was done to it', () => {
  for (const state of ['running', 'paused', 'complete', 'cancelled'] as const)
    expect([state, retryRefusal(state, DONE)]).toEqual([state, undefined]);
  expect(retryRefusal('running', { ...DONE, dispatched: 5 })).toBeUndefined();
});

test.each([
  ['receiving', DONE, /upload is not over/],
  ['truncated', DONE, /start it instead/],
  ['cancelled', { ...DONE, dispatched: 7 }, /2 rows are still being ended/],
  ['running', { ...DONE, retry: { rows: 4, dispatched: 4, arrived: 3 } }, /3 of 4 rows/],
] as const)('%s is refused in words', (state, progress, words) => {
  expect(retryRefusal(state, progress)).toMatch(words);
});

import { BodyPace } from './body-pace.js';

const over = (ms: number, pieces: [waitedMs: number, bytes: number][]) => {
  const pace = new BodyPace(ms);
  return pieces.every(([waitedMs, bytes]) => pace.keeps(waitedMs, bytes));
};
const times = <T>(n: number, piece: T): T[] => Array.from({ length: n }, () => piece);

test('a body that trickles is too slow, however regularly a byte comes', () => {
  expect(over(60_000, times(59, [1_000, 1]))).toBe(true);
  expect(over(60_000, times(60, [1_000, 1]))).toBe(false);
});

test('a slow line is fast enough, and one stretch does not pay for the next', () => {
  expect(over(60_000, times(600, [1_000, 120]))).toBe(true);
  expect(over(60_000, [[60_000, 1e9], ...times(60, [1_000, 1] as [number, number])])).toBe(false);
});

test('what comes without a wait takes no time: it is we who read slowly', () => {
  expect(over(60_000, times(10_000, [0, 1]))).toBe(true);
});

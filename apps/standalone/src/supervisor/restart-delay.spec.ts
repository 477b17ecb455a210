import { nextRestart, restartDelay } from './restart-delay.js';

test('a first restart is quick, later ones wait longer, none over 10 s', () => {
  expect([1, 2, 3, 7, 8, 50].map(restartDelay)).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
});

test('a service that ran for half a minute starts counting anew', () => {
  expect(nextRestart(5, 29_999)).toBe(6);
  expect(nextRestart(5, 30_000)).toBe(1);
});

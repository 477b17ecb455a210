import { permitsWithin, timeFor, type PlanWindow } from './limit-pace.js';

const DAY = 86_400_000;

test('a quota that slides comes back bit by bit, and each bit again a window later', () => {
  const back = [
    { inMs: 2 * DAY, permits: 10 },
    { inMs: 20 * DAY, permits: 29_000 },
    { inMs: 30 * DAY, permits: 990 },
  ];
  const times = { perMs: 30 * DAY, left: 990, backInMs: 2 * DAY };
  const window: PlanWindow = { of: 'calls', permits: 30_000, keys: 1, ...times, back };
  const within = (days: number) => permitsWithin(window, days * DAY, 'bulk');
  expect([0, 2, 19, 20, 30, 32].map(within)).toEqual([990, 1_000, 1_000, 30_000, 30_990, 31_000]);
  const days = (count: number) => timeFor(window, count, 'bulk') / DAY;
  expect([990, 991, 1_001, 30_001, 30_991, 31_001].map(days)).toEqual([0, 2, 20, 30, 32, 50]);
});

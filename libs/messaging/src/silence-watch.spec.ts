import { SilenceWatch } from './silence-watch.js';

const ticks = (watch: SilenceWatch, count: number, takes: boolean) =>
  Array.from({ length: count }, () => watch.tick(takes)).includes(true);

test('silent for 30 s while it takes: it is dead', () => {
  const watch = new SilenceWatch();
  expect(ticks(watch, 100, true)).toBe(false);
  expect(ticks(watch, 1, true)).toBe(true);
});

test('a sign of life begins the count anew', () => {
  const watch = new SilenceWatch();
  ticks(watch, 90, true);
  watch.heard();
  expect(ticks(watch, 100, true)).toBe(false);
});

test('while all its lanes are full it may be silent for as long as they are', () => {
  const watch = new SilenceWatch();
  ticks(watch, 50, true);
  expect(ticks(watch, 1_000, false)).toBe(false);
  expect(ticks(watch, 51, true)).toBe(true);
});

import { expressFirst } from './express-first.js';

test('bulk gives way while express has come within half a second, where the process is busy', () => {
  const giveWay = expressFirst(() => 0.9);
  expect(giveWay.until(1_000)).toBe(0);
  giveWay.expressCame(1_000);
  expect(giveWay.until(1_000)).toBe(1_500);
  expect(giveWay.until(1_499)).toBe(1_500);
  expect(giveWay.until(1_500)).toBe(0);
});

test('places that only wait for slow providers are left to bulk', () => {
  const giveWay = expressFirst(() => 0.2);
  giveWay.expressCame(1_000);
  expect(giveWay.until(1_000)).toBe(0);
});

test('once begun it lasts until express has stopped, although the process is busy no more', () => {
  const utilization = [0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
  const giveWay = expressFirst(() => utilization.shift()!);
  giveWay.expressCame(1_000);
  expect(giveWay.until(1_000)).toBe(1_500);
  giveWay.expressCame(1_400);
  expect(giveWay.until(1_600)).toBe(1_900);
  expect(giveWay.until(1_900)).toBe(0);
  giveWay.expressCame(2_000);
  expect(giveWay.until(2_000)).toBe(0);
});

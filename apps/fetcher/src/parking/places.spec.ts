import type { LimitWindow } from '@assay/providers';
import { Places, spacingMs, unitsAtOnce, type PlaceWish } from './places.js';

const NOW = 1_000_000;
const HOUR = 3_600_000;
let units = 0;

function wish(given: Partial<PlaceWish> = {}): PlaceWish {
  return {
    limitKey: 'slow.test',
    lane: 'bulk',
    unit: `unit${units++}`,
    notBefore: NOW + 2_000,
    waitUntil: NOW + HOUR,
    ...given,
  };
}

function places(tail = { count: 0, express: 0, bulk: 0 }, most = 1_000): Places {
  const made = new Places(200, most);
  made.load('slow.test', tail, NOW);
  return made;
}

test('keys and units are bounded: the oldest key is looked up again, a unit too many has a place of its own', () => {
  const some = new Places(200, 1_000, { keys: 3, units: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    some.load(name, { count: 1, express: 0, bulk: NOW + HOUR / 2 }, NOW);
    some.place(wish({ limitKey: name }), NOW);
  }
  expect(some.held).toEqual({ keys: 3, units: 2 });
  expect(some.unknown(['a', 'b', 'c', 'd', 'e'], NOW)).toEqual(['a', 'b']);
  const unremembered = wish({ limitKey: 'e', unit: 'same' });
  const [first, second] = [some.place(unremembered, NOW), some.place(unremembered, NOW)];
  expect(first).toEqual({ notBefore: NOW + HOUR / 2 + 400 });
  expect(second).toEqual({ notBefore: NOW + HOUR / 2 + 600 });
  expect(some.place(wish({ limitKey: 'a' }), NOW)).toEqual({ notBefore: NOW + 2_000 });
  some.load('b', { count: 0, express: 0, bulk: 0 }, NOW + 2 * HOUR);
  expect(some.held).toEqual({ keys: 1, units: 0 });
});

test('a key that nobody is parked at any more takes its units along', () => {
  const some = places();
  some.place(wish(), NOW);
  expect(some.held).toEqual({ keys: 1, units: 1 });
  some.left('slow.test');
  expect(some.held).toEqual({ keys: 0, units: 0 });
});

test('the first starts when its limits let it, each other one permit after the one before it', () => {
  const some = places();
  const at = Array.from({ length: 4 }, () => some.place(wish(), NOW));
  expect(at).toEqual([2_000, 2_200, 2_400, 2_600].map((ms) => ({ notBefore: NOW + ms })));
  expect(some.expectedStart('slow.test', 'bulk')).toBe(NOW + 2_600);
  expect(some.expectedStart('other.test', 'bulk')).toBe(0);
});

test('the line goes on where the table says it ends, unless that has passed or the key is blocked for longer', () => {
  expect(places({ count: 9, express: 0, bulk: NOW + 60_000 }).place(wish(), NOW)).toEqual({
    notBefore: NOW + 60_200,
  });
  expect(places({ count: 9, express: 0, bulk: NOW - 1 }).place(wish(), NOW)).toEqual({
    notBefore: NOW + 2_000,
  });
  const blocked = wish({ notBefore: NOW + 90_000 });
  expect(places({ count: 9, express: 0, bulk: NOW + 60_000 }).place(blocked, NOW)).toEqual({
    notBefore: NOW + 90_000,
  });
});

test('a host that asks for more than its limit has longer steps: what does not fit them is told at once', () => {
  const some = places();
  const at = Array.from({ length: 3 }, () =>
    some.place(wish({ stepMs: 10_000, waitUntil: NOW + 15_000 }), NOW),
  );
  expect(at).toEqual([{ notBefore: NOW + 2_000 }, { notBefore: NOW + 12_000 }, { until: NOW + 22_000 }]);
  expect(places({ count: 1, express: 0, bulk: NOW + 5_000 }).place(wish({ stepMs: 9_000 }), NOW)).toEqual({
    notBefore: NOW + 14_000,
  });
});

test('express stands before bulk, bulk behind both', () => {
  const some = places({ count: 2, express: NOW + 3_000, bulk: NOW + 9_000 });
  expect(some.place(wish({ lane: 'express' }), NOW)).toEqual({ notBefore: NOW + 3_200 });
  expect(some.place(wish(), NOW)).toEqual({ notBefore: NOW + 9_200 });
  expect(places({ count: 1, express: NOW + 3_000, bulk: 0 }).place(wish(), NOW)).toEqual({
    notBefore: NOW + 3_200,
  });
});

test('rows of one unit need one permit', () => {
  const some = places();
  for (const unit of ['a', 'a', 'b', 'a']) some.place(wish({ unit }), NOW);
  expect(some.expectedStart('slow.test', 'bulk')).toBe(NOW + 2_200);
  expect(some.place(wish({ unit: 'a' }), NOW)).toEqual({ notBefore: NOW + 2_000 });
  // Its call has been made by then: it lines up again.
  expect(some.place(wish({ unit: 'a' }), NOW + 2_100)).toEqual({ notBefore: NOW + 2_400 });
});

test('what would start after its patience, or be one too many, is told when it would have started', () => {
  const some = places({ count: 2, express: 0, bulk: NOW + 60_000 }, 3);
  expect(some.place(wish({ waitUntil: NOW + 60_100 }), NOW)).toEqual({ until: NOW + 60_200 });
  expect(some.place(wish(), NOW)).toEqual({ notBefore: NOW + 60_200 });
  expect(some.place(wish(), NOW)).toEqual({ until: NOW + 60_400 });
  some.left('slow.test');
  expect(some.place(wish(), NOW)).toEqual({ notBefore: NOW + 60_400 });
});

test('a key is looked up when it is new and every ten seconds, and forgotten when its last row left', () => {
  const some = places({ count: 1, express: 0, bulk: NOW + 60_000 });
  expect(some.unknown(['slow.test', 'new.test', 'new.test'], NOW + 9_999)).toEqual(['new.test']);
  expect(some.unknown(['slow.test'], NOW + 10_000)).toEqual(['slow.test']);
  some.left('slow.test');
  expect(some.expectedStart('slow.test', 'bulk')).toBe(0);
});

test('spacing is that of the slowest window; a day is no window to space by', () => {
  const window = (permits: number, perMs: number, of: LimitWindow['of'] = 'calls'): LimitWindow => ({
    permits,
    perMs,
    of,
  });
  expect(spacingMs([window(5, 1_000), window(60, 60_000)], 1, 1)).toBe(1_000);
  expect(spacingMs([window(5, 1_000), window(60, 60_000)], 10, 1)).toBe(100);
  expect(spacingMs([window(1, 1_000), window(100, 86_400_000)], 1, 1)).toBe(1_000);
  expect(spacingMs([window(1, 1_000)], 1, 50)).toBe(20);
  expect(spacingMs([window(100, 1_000, 'units')], 1, 50)).toBe(10);
  expect(spacingMs([], 1, 1)).toBe(0);
});

test('so many units of a key are in work as may start within the time one may wait in place, and one more', () => {
  expect([unitsAtOnce(1_000, 1_100), unitsAtOnce(200, 1_100), unitsAtOnce(0, 1_100)]).toEqual([3, 7, 64]);
});

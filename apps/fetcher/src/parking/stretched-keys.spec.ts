import { StretchedKeys } from './stretched-keys.js';

const NOW = 1_000_000;

test('a line is moved apart when its host is heard, when it asks for more, and a minute later', () => {
  const keys = new StretchedKeys();
  expect(keys.begin('a', 0, NOW)).toBe(false);
  expect(keys.begin('a', 2_000, NOW)).toBe(true);
  expect(keys.begin('a', 2_000, NOW + 59_999)).toBe(false);
  expect(keys.begin('b', 2_000, NOW + 59_999)).toBe(true);
  expect(keys.begin('a', 3_000, NOW + 59_999)).toBe(true);
  expect(keys.begin('a', 2_000, NOW + 90_000)).toBe(false);
  expect(keys.begin('a', 2_000, NOW + 120_000)).toBe(true);
});

test('one that could not be moved is tried again', () => {
  const keys = new StretchedKeys();
  expect(keys.begin('a', 2_000, NOW)).toBe(true);
  keys.failed('a');
  expect(keys.overdue).toEqual([]);
  expect(keys.begin('a', 2_000, NOW)).toBe(true);
});

test('rows are looked for until none is left', () => {
  const keys = new StretchedKeys();
  for (const name of ['a', 'b', 'c']) keys.moved(name);
  keys.told(['a', 'c']);
  expect(keys.overdue).toEqual(['b']);
});

test('keys are bounded: the oldest is moved once more', () => {
  const keys = new StretchedKeys();
  for (let i = 0; i <= 5_000; i++) keys.begin(`k${i}`, 2_000, NOW);
  expect(keys.begin('k1', 2_000, NOW)).toBe(false);
  expect(keys.begin('k0', 2_000, NOW)).toBe(true);
});

import { RowCache } from './row-cache.js';
import type { StoredRow } from './sweep-time.js';

function stored(url: string, final = false): StoredRow {
  const state = { row: { url, host: '', domain: '' }, facts: {}, emitted: {}, final };
  return { revision: 1, sweepAt: null, state: state as unknown as StoredRow['state'] };
}

test('holds no more rows than it may: the one written longest ago goes first', () => {
  const cache = new RowCache({ rows: 2, bytes: 1e6 });
  for (const key of ['a', 'b', 'a', 'c']) cache.set(key, stored(key));
  expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
});

test('holds no more bytes than it may, however few the rows', () => {
  const cache = new RowCache({ rows: 1_000, bytes: 30_000 });
  for (let n = 0; n < 10; n++) cache.set(String(n), stored('x'.repeat(8_000)));
  expect([cache.size, cache.bytes]).toEqual([3, 30_000]);
  expect(cache.get('9')).toBeDefined();
  cache.set('9', stored('x', true));
  cache.delete('none');
  expect([cache.size, cache.bytes]).toEqual([2, 20_000]);
  cache.clear();
  expect([cache.size, cache.bytes]).toEqual([0, 0]);
});

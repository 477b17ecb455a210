import fc from 'fast-check';
import { CountSketch, RowPlacer } from './count-sketch.js';

test('a count is never too low', () => {
  fc.assert(
    fc.property(fc.array(fc.domain(), { maxLength: 200 }), (names) => {
      const sketch = new CountSketch();
      const exact = new Map<string, number>();
      for (const name of names) {
        const before = exact.get(name) ?? 0;
        exact.set(name, before + 1);
        if (sketch.next(name) < before) return false;
      }
      return true;
    }),
    { numRuns: 30 },
  );
});

test('few names are counted exactly: turns interleave hosts, buckets change each 1,000 rows of a domain', () => {
  const placer = new RowPlacer();
  const places = Array.from({ length: 2_500 }, (_, n) =>
    placer.place(n % 2 ? 'a.x.example' : 'b.x.example', 'x.example'),
  );
  expect(places.map(({ turn }) => turn)).toEqual(places.map((_, n) => Math.floor(n / 2)));
  expect(places.map(({ bucket }) => bucket)).toEqual(places.map((_, n) => Math.floor(n / 1_000)));
});

test('300,000 names stay in bucket 0: shared counters stay far from 1,000', () => {
  const placer = new RowPlacer();
  let highest = 0;
  for (let n = 0; n < 300_000; n++)
    highest = Math.max(highest, placer.place(`h${n}.example`, `h${n}.example`).bucket);
  expect(highest).toBe(0);
});

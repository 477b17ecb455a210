import { RepeatedLines } from './repeated-lines.js';

test('a failure is said once in 10 s; the next line tells how often it was not', () => {
  const lines = new RepeatedLines();
  const said = Array.from({ length: 4 }, (_, i) => lines.says('PostgreSQL is away', i * 100));
  expect(said).toEqual([0, undefined, undefined, undefined]);
  expect(lines.says('Kafka is away', 900)).toBe(0);
  expect(lines.says('PostgreSQL is away', 9_999)).toBeUndefined();
  expect(lines.says('PostgreSQL is away', 10_000)).toBe(4);
  expect(lines.says('PostgreSQL is away', 20_000)).toBe(0);
});

test('failures that are never the same keep no memory', () => {
  const lines = new RepeatedLines();
  for (let i = 0; i < 2_000; i++) expect(lines.says(`failure ${i}`, i)).toBe(0);
});

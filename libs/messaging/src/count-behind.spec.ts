import { countBehind } from './count-behind.js';

const one = (offset: bigint) => new Map([[0, offset]]);
const bounds = (low: bigint, high: bigint) => new Map([[0, { low, high }]]);

test.each([
  ['read up to the end', 5n, 5n, bounds(0n, 9n), 0],
  ['read beyond it', 5n, 7n, bounds(0n, 9n), 0],
  ['one message short', 5n, 4n, bounds(0n, 9n), 1],
  ['never committed on an empty partition', 0n, -1n, bounds(0n, 0n), 0],
  ['never committed where messages lie', 3n, -1n, bounds(0n, 3n), 1],
  ['never committed, and retention has taken all of it', 3n, -1n, bounds(3n, 3n), 0],
  ['the rest was taken by retention', 5n, 2n, bounds(6n, 9n), 0],
  ['the topic was made anew and is shorter', 50n, 2n, bounds(0n, 2n), 0],
])('%s', (_name, end, committed, found, behind) => {
  expect(countBehind(one(end), one(committed), found)).toBe(behind);
});

test('each partition counts, also one the group has not committed on', () => {
  const ends = new Map([1, 2, 3].map((partition) => [partition, 4n] as const));
  const kept = new Map([1, 2, 3].map((partition) => [partition, { low: 0n, high: 4n }] as const));
  expect(countBehind(ends, new Map([[1, 4n]]), kept)).toBe(2);
});

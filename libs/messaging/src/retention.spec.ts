import { keptFor } from './retention.js';

test.each([
  ['604800000', 1, 604_800_000],
  ['10080', 60_000, 604_800_000],
  ['0', 1, 0],
  ['-1', 1, Infinity],
  ['', 1, Infinity],
  [undefined, 1, Infinity],
])('%s × %i ms keeps for %d ms', (value, unitMs, keptMs) => {
  expect(keptFor(value, unitMs)).toBe(keptMs);
});

import type { CellResult } from './result.js';
import { standing } from './results-file.js';

type Run = readonly [seed: number, ok: boolean];

test.each<[string, readonly Run[], Run]>([
  [
    'a pass with another seed does not hide a failure',
    [
      [1, false],
      [2, true],
    ],
    [1, false],
  ],
  [
    'a pass with its seed does',
    [
      [1, false],
      [2, true],
      [1, true],
    ],
    [1, true],
  ],
  [
    'a later failure counts',
    [
      [1, true],
      [2, false],
    ],
    [2, false],
  ],
])('%s', (_, runs, expected) => {
  const results = runs.map(([seed, ok]) => ({ cell: 'a', seed, ok }) as CellResult);
  expect(standing(results).map(({ seed, ok }) => [seed, ok])).toEqual([expected]);
});

import fc from 'fast-check';
import { builtInProviders } from '@assay/providers';
import { quality, QUALITY_SIGNALS } from './index.js';

test('the weights are points of a hundred', () => {
  expect(QUALITY_SIGNALS.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
});

test('nothing measured: no score', () => {
  expect(quality({})).toEqual({ score: null, coverage: 0 });
  expect(quality({ page: {} })).toEqual({ score: null, coverage: 0 });
});

test('a measured 0 counts, a missing number does not', () => {
  const known = { openpagerank: { open_page_rank: 5 } };
  expect(quality(known)).toEqual({ score: 50, coverage: 0.12 });
  expect(quality({ ...known, page: { word_count: 0 } })).toEqual({ score: 30, coverage: 0.2 });
  expect(quality({ ...known, page: { ttfb_ms: 3 } })).toEqual(quality(known));
});

test('worked example of docs/indicators.md', () => {
  const numbers = {
    page: { http_status: 200, https: true, word_count: 1_000, title_length: 5 },
    openpagerank: { open_page_rank: 4 },
    safebrowsing: { match_count: 0 },
    'safebrowsing.final': { match_count: 1 },
  };
  // 6 + 5 + 8 + 4 × 0.5 + 12 × 0.4 + 7 × 0 of 42
  expect(quality(numbers)).toEqual({ score: 61.4, coverage: 0.42 });
});

test('any measured numbers give a score from 0 to 100', () => {
  const names = builtInProviders.flatMap(({ asks, metrics }) =>
    asks.flatMap(({ id }) => metrics.map((metric) => [id, metric.id] as const)),
  );
  const value = fc.oneof(fc.double(), fc.boolean(), fc.integer(), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), value)), (measured) => {
      const numbers: Record<string, Record<string, number | boolean | string>> = {};
      for (const [[ask, metric], one] of measured) (numbers[ask] ??= {})[metric] = one;
      const { score, coverage } = quality(numbers);
      if (score !== null) expect(score >= 0 && score <= 100).toBe(true);
      expect(score === null).toBe(coverage === 0);
    }),
  );
});

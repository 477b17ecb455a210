import fc from 'fast-check';
import { shownCeilings, storedCeilings, unplannedCeiling } from './ceilings.js';

test('USD become whole micro-dollars and back', () => {
  const asked = { maxPrice: 0.3, maxCalls: 10, providers: { moz: { maxPrice: 0.1 + 0.2 }, ahrefs: {} } };
  const stored = storedCeilings(asked);
  expect(stored).toEqual({ microUsd: 300_000, calls: 10, providers: { moz: { microUsd: 300_000 } } });
  expect(shownCeilings(stored)).toEqual({
    maxPrice: 0.3,
    maxCalls: 10,
    providers: { moz: { maxPrice: 0.3 } },
  });
});

test('every price of six decimals is kept as it is, a finer one is never rounded up', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (micro) => {
      expect(storedCeilings({ maxPrice: micro / 1e6 })).toEqual({ microUsd: micro });
    }),
  );
  expect(storedCeilings({ maxPrice: 0.0000019 })).toEqual({ microUsd: 1 });
});

test('zero is a ceiling, nothing is none', () => {
  expect(storedCeilings({ maxPrice: 0 })).toEqual({ microUsd: 0 });
  expect([undefined, {}, { providers: { moz: {} } }].map(storedCeilings)).toEqual([null, null, null]);
  expect([shownCeilings(null), shownCeilings({})]).toEqual([null, null]);
});

test('a ceiling for what is not asked is told', () => {
  expect(unplannedCeiling({ providers: { mox: {} } }, ['page', 'moz'])).toBe(
    'There is a ceiling for "mox", which is not asked. Asked: page, moz.',
  );
  expect(unplannedCeiling({ providers: { moz: {} } }, ['page', 'moz'])).toBeUndefined();
});

import { builtInProviders } from './built-in.js';
import { configureProviders } from './provider-settings.js';

test('replaces what is set and leaves the rest', () => {
  const limits = [{ permits: 5, perMs: 1000, of: 'calls' }] as const;
  const price = { perUnitMicroUsd: 500 };
  const configured = configureProviders(builtInProviders, { moz: { limits, price } });
  const before = builtInProviders.find(({ id }) => id === 'moz');
  expect(configured.find(({ id }) => id === 'moz')).toEqual({ ...before, limits, price });
  expect(configured.filter(({ id }) => id !== 'moz')).toEqual(
    builtInProviders.filter(({ id }) => id !== 'moz'),
  );
});

test.each([
  [{ mox: { retries: 1 } }, 'unknown provider: mox'],
  [{ moz: { metrics: [] } }, 'moz.metrics is no setting'],
  [{ moz: { timeoutMs: Number.NaN } }, 'moz.timeoutMs'],
  [{ moz: { limits: [{ permits: -1, perMs: 1, of: 'calls' }] } }, 'moz.limits'],
])('%j is refused', (settings, message) => {
  expect(() => configureProviders(builtInProviders, settings as never)).toThrow(message);
});

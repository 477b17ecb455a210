import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInProviders } from './built-in.js';
import { configureProviders } from './provider-settings.js';
import { loadRegistry } from './registry.js';

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
  [{ moz: { limits: [] } }, 'moz.limits'],
  [{ moz: { limits: [{ permits: 1, perMs: 1, of: 'calls', resets: 'moon' }] } }, 'moz.limits'],
  [{ moz: { batch: { size: 0, lingerMs: 1 } } }, 'moz.batch'],
  [{ moz: 7 }, 'moz must be an object'],
  [[], 'must be an object'],
])('%j is refused', (settings, message) => {
  expect(() => configureProviders(builtInProviders, settings as never)).toThrow(message);
});

test('a file of settings reaches the registry; one that cannot be read is told in a sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-settings-'));
  const file = join(folder, 'providers.json');
  writeFileSync(file, JSON.stringify({ moz: { retries: 9 } }));
  const load = (settings: string) => loadRegistry({ module: '', settings }, builtInProviders);
  expect((await load(file)).asks.get('moz.url')?.provider.retries).toBe(9);
  expect((await load('')).asks.get('moz.url')?.provider.retries).toBe(2);
  await expect(load(join(folder, 'none.json'))).rejects.toThrow('PROVIDER_SETTINGS names');
  rmSync(folder, { recursive: true });
});

import { readFetcherConfig } from './fetcher.config.js';

test('providers and their keys', async () => {
  const config = await readFetcherConfig({
    PROVIDER: 'page, moz',
    MOZ_TOKEN: 'sim-moz',
    ASSAY_CONTACT: 'mailto:a@b.test',
  });
  expect(config.providers.map(({ id }) => id)).toEqual(['page', 'moz']);
  expect([...config.keys]).toEqual([
    ['page', []],
    ['moz', ['sim-moz']],
  ]);
  expect(config.userAgent).toMatch(/^Assay\/[\d.]+ \(\+mailto:a@b\.test\)$/);
  expect(config.lead).toBeUndefined();
});

test('what is missing is named, all of it', async () => {
  await expect(readFetcherConfig({})).rejects.toThrow('PROVIDER is not set');
  await expect(readFetcherConfig({ PROVIDER: 'pgae,moz' })).rejects.toThrow(
    /pgae, which is none of page.*MOZ_TOKEN is not set/s,
  );
});

test('connections are led only in demo and test', async () => {
  const lead = {
    PROVIDER: 'page',
    LEAD_HTTP_PORT: '1',
    LEAD_HTTPS_PORT: '2',
    LEAD_DNS_PORT: '3',
    LEAD_CA_FILE: import.meta.filename,
  };
  await expect(readFetcherConfig(lead)).rejects.toThrow('refused with ASSAY_MODE=production');
  expect((await readFetcherConfig({ ...lead, ASSAY_MODE: 'demo' })).lead).toMatchObject({ httpPort: 1 });
});

test('all that are switched on but some', async () => {
  const { providers } = await readFetcherConfig({ PROVIDER: '!page, robots', MOZ_TOKEN: 'x' });
  const ids = providers.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['dns', 'rdap', 'moz']));
  for (const id of ['page', 'robots', 'crux']) expect(ids).not.toContain(id);
});

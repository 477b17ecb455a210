import { MissingPartError } from '@assay/embedded';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAddresses, noteAddresses } from './running-place.js';
import { readStandaloneConfig } from './standalone.config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-place-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = (environment: Record<string, string> = {}) =>
  readStandaloneConfig({ ASSAY_DATA: folder, ...environment });
const own = { KAFKA_BROKERS: 'kafka1:9092', DATABASE_URL: 'postgres://db/assay' };

test('nothing runs: it says what to start or to set', async () => {
  await expect(findAddresses(config())).rejects.toThrow(MissingPartError);
  await expect(findAddresses(config())).rejects.toThrow(/npm start or npm run demo .* KAFKA_BROKERS/);
});

test('those of the environment come first', async () => {
  expect(await findAddresses(config(own))).toEqual({
    brokers: 'kafka1:9092',
    databaseUrl: 'postgres://db/assay',
  });
  expect(await findAddresses(config({ KAFKA_BROKERS: 'kafka1:9092' }))).toEqual({ brokers: 'kafka1:9092' });
});

test('what a launcher left that is no more does not count; its user alone could read it', async () => {
  const left = join(folder, 'main');
  await mkdir(left);
  const forget = await noteAddresses(left, { brokers: 'a:1', databaseUrl: 'postgres://a' });
  expect((await stat(join(left, 'addresses.json'))).mode & 0o777).toBe(0o600);
  await writeFile(join(left, 'launcher.pid'), '999999999');
  await expect(findAddresses(config())).rejects.toThrow(MissingPartError);
  await forget();
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@assay/database';
import { cacheFolder, startKafka, startPostgres } from '@assay/embedded';

export interface TestPart<T> {
  readonly value: T;
  stop(): Promise<void>;
}

/** A broker of this file's own, on a free port, with an empty log. `value` is its address. */
export async function testKafka(): Promise<TestPart<string>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-kafka-'));
  const kafka = await startKafka({ cacheFolder: cacheFolder(process.env), dataFolder });
  return {
    value: kafka.brokers,
    stop: async () => {
      await kafka.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A PostgreSQL of this file's own, migrated. `value` is its connection string. */
export async function testDatabase(): Promise<TestPart<string>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-postgres-'));
  const postgres = await startPostgres({ dataFolder });
  await migrate(postgres.url);
  return {
    value: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

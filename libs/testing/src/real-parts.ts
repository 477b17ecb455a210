import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@assay/database';
import { startKafka, startPostgres } from '@assay/embedded';
import { testCacheFolder, testEnvironment } from './testing.config.js';

export interface TestPart<T> {
  readonly value: T;
  /** Process to kill in a fault test. */
  readonly pid: number;
  /** Ends it and drops its data; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** A broker of this file's own, on a free port, with an empty log. `value` is its address. */
export async function testKafka(): Promise<TestPart<string>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-kafka-'));
  const kafka = await startKafka({ cacheFolder: testCacheFolder, dataFolder, environment: testEnvironment });
  return { value: kafka.brokers, pid: kafka.pid, stop: () => dropped(kafka, dataFolder) };
}

/** A PostgreSQL of this file's own, migrated. `value` is its connection string. */
export async function testDatabase(): Promise<TestPart<string>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-postgres-'));
  // Without fsync: it survives `kill -9`, which tests do, not a power cut, which they cannot.
  const postgres = await startPostgres({ cacheFolder: testCacheFolder, dataFolder, durable: false });
  await migrate(postgres.url);
  return { value: postgres.url, pid: postgres.pid, stop: () => dropped(postgres, dataFolder) };
}

async function dropped(part: { stop(): Promise<void> }, dataFolder: string): Promise<void> {
  await part.stop();
  await rm(dataFolder, { recursive: true, force: true });
}

import { DataSource } from 'typeorm';
import { databaseOf, dataSourceOptions } from './database.js';

const MIGRATION_LOCK = 4_157_001;

/** Brings the schema up to date. Any number of processes may call it at once: one works, the others wait for it. */
export async function migrate(url: string): Promise<void> {
  const source = await new DataSource(
    dataSourceOptions({ url, poolSize: 3, applicationName: 'assay-migrate', statementMs: 0 }),
  ).initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations({ transaction: 'each' });
    await databaseOf(source).query({ text: 'SELECT ensure_partitions()' });
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
}

import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { FirstTables1700000000001 } from './migrations/1-first-tables.js';
import { RequestsOfACall1700000000002 } from './migrations/2-requests-of-a-call.js';
import { Governor1700000000003 } from './migrations/3-governor.js';
import { ProviderStats1700000000004 } from './migrations/4-provider-stats.js';
import { Reconcile1700000000005 } from './migrations/5-reconcile.js';
import { DeadLetters1700000000006 } from './migrations/6-dead-letters.js';

export interface DatabaseSettings {
  readonly url: string;
  /** Connections of this process. */
  readonly poolSize: number;
  readonly applicationName: string;
  readonly entities?: MixedList<EntitySchema | (new () => unknown)>;
}

const MIGRATIONS = [
  FirstTables1700000000001,
  RequestsOfACall1700000000002,
  Governor1700000000003,
  ProviderStats1700000000004,
  Reconcile1700000000005,
  DeadLetters1700000000006,
];

/** TypeORM options shared by services (through @nestjs/typeorm) and by `migrate`. */
export function dataSourceOptions(settings: DatabaseSettings) {
  return {
    type: 'postgres' as const,
    url: settings.url,
    entities: settings.entities ?? [],
    migrations: MIGRATIONS,
    synchronize: false,
    extra: { max: settings.poolSize, application_name: settings.applicationName },
  };
}

/** What hot paths use: written SQL over the pool that TypeORM holds. */
export interface Database {
  /** A named query is parsed once per connection. Infrastructure failures reject with pg's error. */
  query<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<R>>;
  /** Runs `work` between BEGIN and COMMIT; rolls back and rethrows where it throws. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
}

export function databaseOf(source: DataSource): Database {
  const pool = (source.driver as unknown as { master: pg.Pool }).master;
  return {
    query: (query) => pool.query(query),
    transaction: async (work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      // A connection lost between two statements is an event: without a listener it would end the process.
      const lost = (error: Error) => (broken = error);
      client.on('error', lost);
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
        throw error;
      } finally {
        client.off('error', lost);
        client.release(broken);
      }
    },
  };
}

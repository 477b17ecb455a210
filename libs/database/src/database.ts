import type { PartWatch } from '@assay/telemetry';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { FirstTables1700000000001 } from './migrations/1-first-tables.js';
import { RequestsOfACall1700000000002 } from './migrations/2-requests-of-a-call.js';
import { Governor1700000000003 } from './migrations/3-governor.js';
import { ProviderStats1700000000004 } from './migrations/4-provider-stats.js';
import { Reconcile1700000000005 } from './migrations/5-reconcile.js';
import { DeadLetters1700000000006 } from './migrations/6-dead-letters.js';
import { FreshFrom1700000000007 } from './migrations/7-fresh-from.js';
import { Overload1700000000008 } from './migrations/8-overload.js';
import { MatchedAsks1700000000009 } from './migrations/9-matched-asks.js';
import { CommitUnknown, troubleOf } from './trouble.js';

export interface DatabaseSettings {
  readonly url: string;
  /** Connections of this process. */
  readonly poolSize: number;
  readonly applicationName: string;
  /** Longest statement in ms; 0: none is too long. Default 30 s. */
  readonly statementMs?: number;
  readonly entities?: MixedList<EntitySchema | (new () => unknown)>;
}

const MIGRATIONS = [
  FirstTables1700000000001,
  RequestsOfACall1700000000002,
  Governor1700000000003,
  ProviderStats1700000000004,
  Reconcile1700000000005,
  DeadLetters1700000000006,
  FreshFrom1700000000007,
  Overload1700000000008,
  MatchedAsks1700000000009,
];

const STATEMENT_MS = 30_000;
/** Also of the wait for one of the pool's connections. */
const CONNECT_WITHIN_MS = 5_000;
/** The server ends a long statement itself; one that cannot (stopped, cut off) is given up this much later. */
const SERVER_FIRST_MS = 2_000;
/** A process that was stopped in a transaction, or is cut off, holds no locks longer than this. */
const IDLE_IN_TRANSACTION_MS = 30_000;
const KEEP_ALIVE_AFTER_MS = 5_000;

/** So that every wait for PostgreSQL ends, whether it is slow, stopped or cut off. */
function limits({ statementMs = STATEMENT_MS }: DatabaseSettings) {
  return {
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...(statementMs > 0 && { statement_timeout: statementMs, query_timeout: statementMs + SERVER_FIRST_MS }),
  };
}

/** TypeORM options shared by services (through @nestjs/typeorm) and by `migrate`. */
export function dataSourceOptions(settings: DatabaseSettings) {
  return {
    type: 'postgres' as const,
    url: settings.url,
    entities: settings.entities ?? [],
    migrations: MIGRATIONS,
    synchronize: false,
    extra: { max: settings.poolSize, application_name: settings.applicationName, ...limits(settings) },
  };
}

/** What hot paths use: written SQL over the pool that TypeORM holds. */
export interface Database {
  /** A named query is parsed once per connection. Infrastructure failures reject with pg's error. */
  query<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<R>>;
  /** Runs `work` between BEGIN and COMMIT; rolls back and rethrows where it throws. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
}

/** @param part is told of what work hears: that PostgreSQL is away, or refuses. */
export function databaseOf(source: DataSource, part?: PartWatch): Database {
  const pool = (source.driver as unknown as { master: pg.Pool }).master;
  const heard = (error: unknown): never => {
    const trouble = troubleOf(error);
    if (trouble?.kind === 'refuses') part?.refused(new Error(trouble.words));
    else if (trouble) part?.suspect();
    throw error;
  };
  return {
    query: <R extends pg.QueryResultRow>(query: pg.QueryConfig) => pool.query<R>(query).catch(heard),
    transaction: (work) =>
      pool
        .connect()
        .then((client) => inTransaction(client, work))
        .catch(heard),
  };
}

async function inTransaction<T>(
  client: pg.PoolClient,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  let broken: Error | undefined;
  // A connection lost between two statements is an event: without a listener it would end the process.
  const lost = (error: Error) => (broken = error);
  client.on('error', lost);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT').catch((error: unknown) => {
      throw troubleOf(error)?.kind === 'away' ? new CommitUnknown(error) : error;
    });
    return result;
  } catch (error) {
    // Behind a statement that hangs a ROLLBACK would hang too: the server does it when the connection is closed.
    if (troubleOf(error)?.kind === 'away') broken = error as Error;
    else await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}

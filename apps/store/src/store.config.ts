import { readConfig, Shared, Type } from '@assay/config';

export const StoreSettings = Type.Object({
  KAFKA_BROKERS: Shared.KAFKA_BROKERS,
  KAFKA_SESSION_TIMEOUT_MS: Shared.KAFKA_SESSION_TIMEOUT_MS,
  DATABASE_URL: Shared.DATABASE_URL,
  HOST: Shared.HOST,
  HEALTH_PORT: Shared.HEALTH_PORT,
  STORE_POOL_SIZE: Type.Integer({
    minimum: 2,
    default: 4,
    description: 'PostgreSQL connections of a store: one per lane in use.',
  }),
  STORE_BULK_FLUSH_MS: Type.Integer({
    minimum: 0,
    default: 20,
    description: 'Bulk: how long a group of rows that is not full waits for company.',
  }),
});

export interface StoreConfig {
  readonly brokers: string;
  readonly sessionTimeoutMs: number;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly host: string;
  /** 0: none. */
  readonly healthPort: number;
  readonly bulkFlushMs: number;
}

/** @throws ConfigError that lists every fault */
export function readStoreConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StoreConfig {
  const settings = readConfig(StoreSettings, environment);
  return {
    brokers: settings.KAFKA_BROKERS,
    sessionTimeoutMs: settings.KAFKA_SESSION_TIMEOUT_MS,
    databaseUrl: settings.DATABASE_URL,
    host: settings.HOST,
    healthPort: settings.HEALTH_PORT,
    poolSize: settings.STORE_POOL_SIZE,
    bulkFlushMs: settings.STORE_BULK_FLUSH_MS,
  };
}

import { readConfig, Shared, Type } from '@assay/config';
import { builtInProviders, loadRegistry, type Registry } from '@assay/providers';

export const JoinerSettings = Type.Object({
  KAFKA_BROKERS: Shared.KAFKA_BROKERS,
  KAFKA_SESSION_TIMEOUT_MS: Shared.KAFKA_SESSION_TIMEOUT_MS,
  DATABASE_URL: Shared.DATABASE_URL,
  HOST: Shared.HOST,
  HEALTH_PORT: Shared.HEALTH_PORT,
  PROVIDERS_MODULE: Shared.PROVIDERS_MODULE,
  PROVIDER_SETTINGS: Shared.PROVIDER_SETTINGS,
  JOINER_POOL_SIZE: Type.Integer({
    minimum: 2,
    default: 4,
    description: 'PostgreSQL connections of a joiner: one per lane in use, one for the sweep.',
  }),
  JOINER_SWEEP_MS: Type.Integer({
    minimum: 10,
    maximum: 2_000,
    default: 500,
    description: 'How often the joiner looks for rows whose time has come.',
  }),
  JOINER_BULK_FLUSH_MS: Type.Integer({
    minimum: 0,
    default: 200,
    description: 'Bulk: how long a group of rows that is not full waits for company.',
  }),
});

export interface JoinerConfig {
  readonly brokers: string;
  readonly sessionTimeoutMs: number;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly host: string;
  /** 0: none. */
  readonly healthPort: number;
  readonly sweepMs: number;
  readonly bulkFlushMs: number;
  readonly registry: Registry;
}

/** @throws ConfigError that lists every fault */
export async function readJoinerConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<JoinerConfig> {
  const settings = readConfig(JoinerSettings, environment);
  return {
    brokers: settings.KAFKA_BROKERS,
    sessionTimeoutMs: settings.KAFKA_SESSION_TIMEOUT_MS,
    databaseUrl: settings.DATABASE_URL,
    host: settings.HOST,
    healthPort: settings.HEALTH_PORT,
    poolSize: settings.JOINER_POOL_SIZE,
    sweepMs: settings.JOINER_SWEEP_MS,
    bulkFlushMs: settings.JOINER_BULK_FLUSH_MS,
    registry: await loadRegistry(
      { module: settings.PROVIDERS_MODULE, settings: settings.PROVIDER_SETTINGS },
      builtInProviders,
    ),
  };
}

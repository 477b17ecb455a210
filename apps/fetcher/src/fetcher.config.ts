import { ConfigError, Port, readConfig, Shared, Type } from '@assay/config';
import { readLead, type Lead } from '@assay/fetching';
import {
  builtInProviders,
  enabledProviders,
  keysOf,
  loadRegistry,
  worksWithoutKey,
  type Provider,
  type Registry,
} from '@assay/providers';

export const FetcherSettings = Type.Object({
  KAFKA_BROKERS: Shared.KAFKA_BROKERS,
  KAFKA_SESSION_TIMEOUT_MS: Shared.KAFKA_SESSION_TIMEOUT_MS,
  DATABASE_URL: Shared.DATABASE_URL,
  HOST: Shared.HOST,
  HEALTH_PORT: Shared.HEALTH_PORT,
  PROVIDERS_MODULE: Shared.PROVIDERS_MODULE,
  PROVIDER_SETTINGS: Shared.PROVIDER_SETTINGS,
  ASSAY_MODE: Shared.ASSAY_MODE,
  PROVIDER: Type.String({
    minLength: 1,
    description:
      'Providers that this process asks, comma-separated: page,dns. With ! in front: all that are switched on but these.',
  }),
  ASSAY_CONTACT: Type.String({
    default: 'https://github.com/assay/assay',
    description: 'Address in the user agent, for whoever wants to know who asks: a URL or mailto:.',
  }),
  LIMITS_FACTOR: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: "Multiplies the permits of every provider's limits. The demo takes 10.",
  }),
  DAILY_RESERVE: Type.Number({
    minimum: 0,
    maximum: 0.9,
    default: 0,
    description: "Share of a day's quota that bulk leaves to express lists, 0 to 0.9.",
  }),
  LEAD_HTTP_PORT: Port(0, "Demo and test: the simulator's http port, to which every host is led."),
  LEAD_HTTPS_PORT: Port(0, "Demo and test: the simulator's https port."),
  LEAD_DNS_PORT: Port(0, "Demo and test: the simulator's DNS port (UDP), which resolves every name."),
  LEAD_CA_FILE: Type.String({ default: '', description: "Demo and test: PEM of the simulator's authority." }),
  FETCHER_POOL_SIZE: Type.Integer({
    minimum: 2,
    default: 6,
    description: 'PostgreSQL connections of a fetcher.',
  }),
  FETCHER_BULK_FLUSH_MS: Type.Integer({
    minimum: 0,
    default: 100,
    description: 'Bulk: how long a message of cells that is not full waits for company.',
  }),
  FETCHER_PARKED_PER_KEY: Type.Integer({
    minimum: 1,
    default: 20_000,
    description: 'Rows that may wait in PostgreSQL for one host or registry; one more is skipped(quota).',
  }),
});

export interface FetcherConfig {
  readonly brokers: string;
  readonly sessionTimeoutMs: number;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly host: string;
  /** 0: none. */
  readonly healthPort: number;
  readonly bulkFlushMs: number;
  /** Rows parked at one limit key. */
  readonly parkedPerKey: number;
  readonly registry: Registry;
  readonly providers: readonly Provider[];
  /** By provider id; empty where none is set or needed. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly userAgent: string;
  readonly limitsFactor: number;
  readonly dailyReserve: number;
  readonly lead: Lead | undefined;
}

const VERSION = '0.1.0';

/** @throws ConfigError that lists every fault; RangeError where connections may not be led */
export async function readFetcherConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FetcherConfig> {
  const settings = readConfig(FetcherSettings, environment);
  const registry = await loadRegistry(
    { module: settings.PROVIDERS_MODULE, settings: settings.PROVIDER_SETTINGS },
    builtInProviders,
  );
  const providers = chooseProviders(settings.PROVIDER, registry, environment);
  return {
    brokers: settings.KAFKA_BROKERS,
    sessionTimeoutMs: settings.KAFKA_SESSION_TIMEOUT_MS,
    databaseUrl: settings.DATABASE_URL,
    host: settings.HOST,
    healthPort: settings.HEALTH_PORT,
    poolSize: settings.FETCHER_POOL_SIZE,
    bulkFlushMs: settings.FETCHER_BULK_FLUSH_MS,
    parkedPerKey: settings.FETCHER_PARKED_PER_KEY,
    registry,
    providers,
    keys: new Map(providers.map((provider) => [provider.id, keysOf(provider, environment)])),
    userAgent: `Assay/${VERSION} (+${settings.ASSAY_CONTACT})`,
    limitsFactor: settings.LIMITS_FACTOR,
    dailyReserve: settings.DAILY_RESERVE,
    lead: readLead({
      mode: settings.ASSAY_MODE,
      httpPort: settings.LEAD_HTTP_PORT,
      httpsPort: settings.LEAD_HTTPS_PORT,
      dnsPort: settings.LEAD_DNS_PORT,
      caFile: settings.LEAD_CA_FILE,
    }),
  };
}

function lacksKey(provider: Provider, environment: Readonly<Record<string, string | undefined>>): boolean {
  return !worksWithoutKey(provider) && keysOf(provider, environment).length === 0;
}

function chooseProviders(
  wanted: string,
  registry: Registry,
  environment: Readonly<Record<string, string | undefined>>,
): Provider[] {
  if (wanted.startsWith('!')) {
    const others = new Set(
      wanted
        .slice(1)
        .split(',')
        .map((id) => id.trim()),
    );
    const only = environment['PROVIDERS'] ?? '';
    return enabledProviders(registry, environment, only).filter(({ id }) => !others.has(id));
  }
  const faults: string[] = [];
  const known = registry.providers.map(({ id }) => id).join(', ');
  const chosen = [...new Set(wanted.split(',').map((id) => id.trim()))].flatMap((id) => {
    const provider = registry.providers.find((candidate) => candidate.id === id);
    if (!provider) faults.push(`PROVIDER names ${id || 'nothing'}, which is none of ${known}`);
    else if (lacksKey(provider, environment) && provider.auth.kind === 'key')
      faults.push(`${provider.auth.env} is not set; ${provider.title} gives one at ${provider.auth.signUp}`);
    return provider ? [provider] : [];
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return chosen;
}

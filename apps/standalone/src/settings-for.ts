import { builtInProviders, enabledProviders, loadRegistry } from '@assay/providers';
import type { StandaloneConfig } from './standalone.config.js';
import type { SystemSettings } from './system/system-settings.js';

/** The simulator's limits, and the providers' own, are this many times the documented ones in the demo. */
export const DEMO_LIMITS_FACTOR = 10;

/** The whole system led to the simulator: no account, no key, no internet. */
export async function demoSettings(config: StandaloneConfig, dataFolder: string): Promise<SystemSettings> {
  // Everything starts cold and at once: more patience than a person's small list gets shows more numbers.
  const EXPRESS_PATIENCE_MS = config.environment['EXPRESS_PATIENCE_MS'] || '15000';
  const environment = {
    ...config.environment,
    PROVIDERS: '',
    PROVIDERS_MODULE: '',
    PROVIDER_SETTINGS: '',
    EXPRESS_PATIENCE_MS,
  };
  return {
    ...common(config),
    mode: 'demo',
    dataFolder,
    environment,
    fetchers: groupsOf(builtInProviders.map(({ id }) => id)),
    simulator: {},
    limitsFactor: DEMO_LIMITS_FACTOR,
  };
}

/** Daily use: real providers, those that need no key and those whose key is set. */
export async function dailySettings(config: StandaloneConfig, dataFolder: string): Promise<SystemSettings> {
  const { environment } = config;
  const registry = await loadRegistry(
    { module: environment['PROVIDERS_MODULE'] ?? '', settings: environment['PROVIDER_SETTINGS'] ?? '' },
    builtInProviders,
  );
  const enabled = enabledProviders(registry, environment, environment['PROVIDERS'] ?? '');
  return {
    ...common(config),
    mode: 'production',
    dataFolder,
    environment,
    fetchers: groupsOf(enabled.map(({ id }) => id)),
    limitsFactor: 1,
  };
}

/**
 * Page costs the most by far (parsing HTML), so it has a process of its own, with robots, which asks for the same files;
 * all others share one: on a machine of two cores more processes cost memory and win nothing.
 */
export function groupsOf(providers: readonly string[]): string[][] {
  const isOfPages = (id: string) => id === 'page' || id === 'robots';
  return [providers.filter(isOfPages), providers.filter((id) => !isOfPages(id))].filter(
    ({ length }) => length > 0,
  );
}

function common(config: StandaloneConfig) {
  const { cacheFolder, host, port, brokers, databaseUrl, partitions, replicationFactor } = config;
  return { cacheFolder, host, port, brokers, databaseUrl, partitions, replicationFactor, durable: true };
}

import type { AskDefinition, Provider } from './provider.js';
import { configureProviders, ProviderSettingsError, type ProviderSettings } from './provider-settings.js';

export interface PlannedAsk extends AskDefinition {
  readonly provider: Provider;
}

/** All providers of this installation and what can be asked of them. */
export interface Registry {
  readonly providers: readonly Provider[];
  /** By ask id. */
  readonly asks: ReadonlyMap<string, PlannedAsk>;
}

/** @throws RangeError where two providers or two asks share an id. */
export function createRegistry(providers: readonly Provider[]): Registry {
  const asks = new Map<string, PlannedAsk>();
  const ids = new Set<string>();
  for (const provider of providers) {
    if (ids.has(provider.id)) throw new RangeError(`provider ${provider.id} is defined twice`);
    ids.add(provider.id);
    for (const ask of provider.asks) {
      if (asks.has(ask.id)) throw new RangeError(`ask ${ask.id} is defined twice`);
      asks.set(ask.id, { ...ask, provider });
    }
  }
  return { providers, asks };
}

/**
 * Providers that are switched on: those without a key, and those whose key is in the environment.
 * `only` (the variable PROVIDERS, comma-separated) narrows it further; empty means no narrowing.
 */
export function enabledProviders(
  registry: Registry,
  environment: Readonly<Record<string, string | undefined>>,
  only = '',
): Provider[] {
  const wanted = new Set(
    only
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
  );
  return registry.providers.filter((provider) => {
    if (wanted.size > 0 && !wanted.has(provider.id)) return false;
    return worksWithoutKey(provider) || keysOf(provider, environment).length > 0;
  });
}

export function worksWithoutKey({ auth }: Pick<Provider, 'auth'>): boolean {
  return auth.kind === 'none' || auth.optional === true;
}

/** The provider's keys in this environment, in their order; empty where none is set or needed. */
export function keysOf(
  { auth }: Pick<Provider, 'auth'>,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  if (auth.kind === 'none') return [];
  const keys = (environment[auth.env] ?? '').split(',').map((key) => key.trim());
  return [...new Set(keys.filter(Boolean))];
}

export interface RegistrySource {
  /** Path of a module whose export `providers` takes the place of the built-in ones; empty: none. */
  readonly module: string;
  /** Path of a JSON file of settings by provider id, see `configureProviders`; empty: none. */
  readonly settings: string;
}

/**
 * The providers of this installation.
 * @throws ProviderSettingsError for a file of settings that cannot be read or says what no provider knows
 */
export async function loadRegistry(
  { module, settings }: RegistrySource,
  builtIn: readonly Provider[],
): Promise<Registry> {
  const providers = module ? await importProviders(module) : builtIn;
  return createRegistry(settings ? configureProviders(providers, await readSettings(settings)) : providers);
}

async function importProviders(path: string): Promise<readonly Provider[]> {
  const { pathToFileURL } = await import('node:url');
  const loaded = (await import(pathToFileURL(path).href)) as { providers: readonly Provider[] };
  return loaded.providers;
}

async function readSettings(path: string): Promise<Record<string, ProviderSettings>> {
  const { readFile } = await import('node:fs/promises');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, ProviderSettings>;
  } catch (error) {
    throw new ProviderSettingsError(
      `PROVIDER_SETTINGS names ${path}, which is no readable JSON file: ${(error as Error).message}`,
    );
  }
}

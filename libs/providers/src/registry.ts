import type { AskDefinition, Provider } from './provider.js';

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

/** The built-in registry, or that of the module at `path` (its export `providers`), for benchmarks and tests. */
export async function loadRegistry(path: string, builtIn: readonly Provider[]): Promise<Registry> {
  if (!path) return createRegistry(builtIn);
  const { pathToFileURL } = await import('node:url');
  const loaded = (await import(pathToFileURL(path).href)) as { providers: readonly Provider[] };
  return createRegistry(loaded.providers);
}

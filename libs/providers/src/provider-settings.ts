import type { Provider, ProviderDefinition } from './provider.js';

/** What an installation may say differently about a provider: quotas, prices and plans change, contracts seldom. */
export type ProviderSettings = Partial<
  Pick<
    ProviderDefinition,
    | 'batch'
    | 'limits'
    | 'concurrency'
    | 'concurrencyPerKey'
    | 'timeoutMs'
    | 'retries'
    | 'breaker'
    | 'ttlMs'
    | 'price'
  >
>;

const NAMES: ReadonlySet<string> = new Set<keyof ProviderSettings>([
  'batch',
  'limits',
  'concurrency',
  'concurrencyPerKey',
  'timeoutMs',
  'retries',
  'breaker',
  'ttlMs',
  'price',
]);

/**
 * The same providers with the settings of each by provider id; objects such as `breaker` are replaced whole.
 * @throws RangeError for an unknown provider or setting, and for a number that is negative or not finite.
 */
export function configureProviders(
  providers: readonly Provider[],
  settings: Readonly<Record<string, ProviderSettings>>,
): Provider[] {
  const known = new Set(providers.map(({ id }) => id));
  for (const [id, own] of Object.entries(settings)) {
    if (!known.has(id)) throw new RangeError(`settings for an unknown provider: ${id}`);
    for (const [name, value] of Object.entries(own)) checkSetting(`${id}.${name}`, name, value);
  }
  return providers.map((provider) => {
    const own = Object.hasOwn(settings, provider.id) ? settings[provider.id] : undefined;
    return own ? { ...provider, ...own } : provider;
  });
}

function checkSetting(path: string, name: string, value: unknown): void {
  if (!NAMES.has(name)) throw new RangeError(`${path} is no setting; there are ${[...NAMES].join(', ')}`);
  if (!hasSaneNumbers(value)) throw new RangeError(`${path} holds a number that is negative or not finite`);
}

function hasSaneNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0;
  return typeof value !== 'object' || value === null || Object.values(value).every(hasSaneNumbers);
}

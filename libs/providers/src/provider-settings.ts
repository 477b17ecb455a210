import type { Provider, ProviderDefinition } from './provider.js';

/** What an installation may say differently about a provider: quotas, prices and plans change, contracts seldom. */
export type ProviderSettings = Partial<Pick<ProviderDefinition, keyof typeof CHECKS>>;

/** A file of settings that is not usable, in a sentence for people. */
export class ProviderSettingsError extends Error {}

type Check = (value: unknown) => boolean;

const isFrom =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const holds =
  (checks: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(checks).every(([name, check]) => check(value[name])) &&
    Object.entries(value).every(
      ([name, own]) => name in checks || (Object.hasOwn(optional, name) && optional[name]!(own)),
    );
const isWindow = holds(
  { permits: isFrom(1), perMs: isFrom(1), of: (of) => of === 'calls' || of === 'units' },
  { resets: (zone) => zone === 'utc' || zone === 'pacific' },
);
const areWindows: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isWindow);

const CHECKS = {
  batch: holds({ size: isFrom(1), lingerMs: isFrom(0) }),
  limits: areWindows,
  limitsWithoutKey: areWindows,
  concurrency: isFrom(1),
  concurrencyPerKey: isFrom(1),
  timeoutMs: isFrom(1),
  retries: isFrom(0),
  breaker: holds(
    { volume: isFrom(1), errorPercent: isFrom(1), coolOffMs: isFrom(1) },
    { countsBadRequest: (value) => value === true },
  ),
  ttlMs: holds({ ok: isFrom(0), absent: isFrom(0) }),
  price: holds({}, { perCallMicroUsd: isFrom(0), perUnitMicroUsd: isFrom(0) }),
} satisfies Partial<Record<keyof ProviderDefinition, Check>>;

/**
 * The same providers with the settings of each by provider id; objects such as `breaker` are replaced whole.
 * @throws ProviderSettingsError for an unknown provider or setting, and for a value of another shape
 */
export function configureProviders(
  providers: readonly Provider[],
  settings: Readonly<Record<string, ProviderSettings>>,
): Provider[] {
  if (!isObject(settings)) throw new ProviderSettingsError('settings must be an object by provider id');
  const known = new Set(providers.map(({ id }) => id));
  for (const [id, own] of Object.entries(settings)) {
    if (!known.has(id)) throw new ProviderSettingsError(`settings for an unknown provider: ${id}`);
    if (!isObject(own)) throw new ProviderSettingsError(`${id} must be an object of settings`);
    for (const [name, value] of Object.entries(own)) checkSetting(id, name, value);
  }
  return providers.map((provider) => {
    const own = Object.hasOwn(settings, provider.id) ? settings[provider.id] : undefined;
    return own ? { ...provider, ...own } : provider;
  });
}

function checkSetting(id: string, name: string, value: unknown): void {
  const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof typeof CHECKS] : undefined;
  if (!check)
    throw new ProviderSettingsError(
      `${id}.${name} is no setting; there are ${Object.keys(CHECKS).join(', ')}`,
    );
  if (!check(value))
    throw new ProviderSettingsError(`${id}.${name} is not of the shape that docs/providers.md shows`);
}

import { enabledProviders, type AskDefinition, type Provider, type Registry } from '@assay/providers';
import type { ProviderView } from '../openapi/shapes.js';
import { healthOf, type HealthRecords } from './health-view.js';

export interface Switches {
  /** Ids given in PROVIDERS; empty: all. */
  readonly only: string;
  isSet(variable: string): boolean;
}

/** All providers of the installation, those that are off too. */
export function providerViews(
  registry: Registry,
  switches: Switches,
  records: HealthRecords,
): ProviderView[] {
  const environment: Record<string, string | undefined> = {};
  for (const { auth } of registry.providers)
    if (auth.kind === 'key' && switches.isSet(auth.env)) environment[auth.env] = 'set';
  const enabled = new Set(enabledProviders(registry, environment, switches.only).map(({ id }) => id));
  return registry.providers.map((provider) => ({
    ...described(provider),
    enabled: enabled.has(provider.id),
    why: whyOf(provider, enabled.has(provider.id), switches),
    key: keyOf(provider, switches),
    health: healthOf(provider.id, records),
  }));
}

function described(provider: Provider) {
  return {
    id: provider.id,
    title: provider.title,
    docs: provider.docs,
    asks: provider.asks.map(({ id, surface, round, unit, needs, metrics }) => ({
      id,
      surface,
      round,
      unit,
      needs: needs ? needOf(needs) : null,
      metrics: [...(metrics ?? provider.metrics.map((metric) => metric.id))],
    })),
    metrics: provider.metrics.map(({ id, type, unit, meaning, range }) => ({
      id,
      type,
      unit,
      meaning,
      range: range ? [...range] : null,
    })),
    limits: provider.limits.map((limit) => ({ ...limit })),
    unitsPerCall: provider.batch.size,
    timeoutMs: provider.timeoutMs,
    freshForMs: { ...provider.ttlMs },
    price: provider.price ? { ...provider.price } : null,
  };
}

function needOf({ fact, network, from, need }: NonNullable<AskDefinition['needs']>) {
  return network ? { fact, network, from, need } : { fact, from, need };
}

function keyOf({ auth }: Provider, switches: Switches): ProviderView['key'] {
  return auth.kind === 'none'
    ? null
    : { variable: auth.env, signUp: auth.signUp, set: switches.isSet(auth.env) };
}

function whyOf({ id, auth }: Provider, enabled: boolean, switches: Switches): string {
  const lacksKey = auth.kind === 'key' && !switches.isSet(auth.env);
  if (lacksKey && !auth.optional)
    return `Off: it needs a key. Get one at ${auth.signUp}, set ${auth.env} and start again.`;
  if (!enabled)
    return `Off: PROVIDERS does not name it. Add ${id} to PROVIDERS, or empty PROVIDERS, and start again.`;
  if (auth.kind === 'none') return 'On: it needs no key.';
  if (!lacksKey) return `On: ${auth.env} is set.`;
  return `On without a key. With one it answers more: get it at ${auth.signUp}, set ${auth.env} and start again.`;
}

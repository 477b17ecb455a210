import { requestsOf, type PlannedAsk, type Provider, type Question } from '@assay/providers';
import type { AskSource } from './ask-source.js';
import type { KeySize } from './key-sizes.js';

/** An ask with what the list holds for it. */
export interface AskWork extends AskSource {
  readonly rows: number;
  readonly fresh: number;
  readonly unsupported: number;
  /** Distinct units: submitted ones exactly, else those that are likely. */
  readonly units: number;
  /** Of those, what is likely to be asked, by limit key. */
  readonly keys: readonly KeySize[];
}

export interface Bounds {
  readonly min: number;
  readonly likely: number;
  readonly max: number;
}

/** What one provider takes, retries aside. */
export interface ProviderCost {
  /** HTTP requests, but for the shared ones: what a ceiling counts. */
  readonly requests: Bounds;
  /** Requests that many questions share, such as robots.txt. */
  readonly shared: Bounds;
  /** Batches: what a price of a call is paid for. */
  readonly batches: Bounds;
  readonly units: Bounds;
  readonly microUsd: Bounds;
}

/** Units of one ask that share a limit key with those of others, and their batches. */
export interface KeyPart {
  readonly ask: PlannedAsk;
  readonly units: number;
}

export function unitsToAsk({ keys }: Pick<AskWork, 'keys'>): number {
  return keys.reduce((sum, key) => sum + key.units * key.keys, 0);
}

/**
 * Units of asks on what was submitted are exact, and with them what is paid for a unit. Calls are exact where a batch
 * holds one unit; else they lie between full batches and one unit a batch: each fetcher packs what reaches it, and
 * sends what it has when nothing more comes. An ask that waits for facts takes a unit a row at most.
 */
export function providerCost(provider: Provider, works: readonly AskWork[]): ProviderCost {
  const waiting = works.filter(({ from }) => from === 'facts');
  const submitted = callsOf(
    provider,
    works.filter(({ from }) => from === 'submitted'),
  );
  const likely = callsOf(provider, works);
  const lateUnits = waiting.reduce((sum, { rows }) => sum + rows, 0);
  const lateMost = waiting.reduce(
    (sum, { ask, rows }) => sum + rows * requestsOf(provider, sample(ask, 1)).most,
    0,
  );
  const lateShared = sharedOf(provider, lateUnits).max;
  const batches = {
    min: submitted.batches.min,
    likely: likely.batches.likely,
    max: submitted.batches.max + lateUnits,
  };
  const units = { min: submitted.units, likely: likely.units, max: submitted.units + lateUnits };
  return {
    requests: {
      min: submitted.requests.min,
      likely: likely.requests.likely,
      max: submitted.requests.max + lateMost - lateShared,
    },
    shared: {
      min: submitted.shared.min,
      likely: likely.shared.likely,
      max: submitted.shared.max + lateShared,
    },
    batches,
    units,
    microUsd: {
      min: priceOf(provider, batches.min, units.min),
      likely: priceOf(provider, batches.likely, units.likely),
      max: priceOf(provider, batches.max, units.max),
    },
  };
}

/** In whole micro-dollars, as it is charged: a share of one counts as one. */
export function priceOf({ price }: Pick<Provider, 'price'>, batches: number, units: number): number {
  const { perCallMicroUsd = 0, perUnitMicroUsd = 0 } = price ?? {};
  return Math.ceil(perCallMicroUsd) * batches + Math.ceil(perUnitMicroUsd) * units;
}

interface Calls {
  /** Likely are full ones. */
  readonly batches: Bounds;
  readonly units: number;
  readonly requests: Bounds;
}

/** Requests apart from those that are shared. */
type SplitCalls = Calls & { readonly shared: Bounds };

function callsOf(provider: Provider, works: readonly AskWork[]): SplitCalls {
  const perKey = provider.requestsPerUnit?.perKey ?? 0;
  const sum: SplitCalls = { batches: NOTHING, units: 0, requests: NOTHING, shared: NOTHING };
  return groupsOf(works).reduce((total, { parts, keys }) => {
    const { batches, units, requests } = batchesOf(provider, parts);
    const shared = sharedOf(provider, units);
    return {
      batches: added(total.batches, batches, keys),
      units: total.units + units * keys,
      requests: added(total.requests, added(requests, shared, -1), keys),
      shared: added(total.shared, { ...shared, likely: shared.likely + perKey }, keys),
    };
  }, sum);
}

/** Of the requests that these units take. At least it is none: somebody else may have asked. */
function sharedOf({ requestsPerUnit }: Provider, units: number): Bounds {
  const { likely, most } = requestsPerUnit?.shared ?? { likely: 0, most: 0 };
  return { min: 0, likely: likely * units, max: most * units };
}

const NOTHING: Bounds = { min: 0, likely: 0, max: 0 };

/** `times` −1: taken away. */
export function added(sum: Bounds, one: Bounds, times = 1): Bounds {
  return {
    min: sum.min + one.min * times,
    likely: sum.likely + one.likely * times,
    max: sum.max + one.max * times,
  };
}

export interface KeyGroup {
  readonly name: string;
  readonly keys: number;
  readonly parts: readonly KeyPart[];
}

/** Asks that go by one key stand together; where an ask has many keys, each size of them stands for itself. */
export function groupsOf(works: readonly AskWork[]): KeyGroup[] {
  const shared = new Map<string, KeyPart[]>();
  const many: KeyGroup[] = [];
  for (const { ask, keys } of works)
    for (const { name, units, keys: n } of keys) {
      if (keys.length > 1 || n > 1) many.push({ name, keys: n, parts: [{ ask, units }] });
      else shared.set(name, [...(shared.get(name) ?? []), { ask, units }]);
    }
  return [...[...shared].map(([name, parts]) => ({ name, keys: 1, parts })), ...many];
}

/**
 * The batches of one limit key: at best all full but the last; at worst a unit each. A batch never takes more
 * requests than its units would alone.
 */
export function batchesOf(provider: Provider, parts: readonly KeyPart[]): Calls {
  const units = parts.reduce((sum, part) => sum + part.units, 0);
  const alone = singles(provider, parts, units);
  const { size } = provider.batch;
  if (size === 1) return alone;
  const full = Math.floor(units / size);
  const rest = units % size;
  const whole = requestsOfBatch(provider, parts, size);
  const packed = added(requestsOfBatch(provider, parts, rest), whole, full);
  const least = full + (rest > 0 ? 1 : 0);
  return {
    batches: { min: least, likely: least, max: units },
    units,
    requests: { ...packed, max: Math.max(packed.max, alone.requests.max) },
  };
}

function singles(provider: Provider, parts: readonly KeyPart[], units: number): Calls {
  const each = parts.map((part) => ({ n: part.units, ...requestsOf(provider, sample(part.ask, 1)) }));
  const sum = (of: 'least' | 'likely' | 'most') => each.reduce((total, one) => total + one.n * one[of], 0);
  return {
    batches: { min: units, likely: units, max: units },
    units,
    requests: { min: sum('least'), likely: sum('likely'), max: sum('most') },
  };
}

/** A batch may hold all its asks, or one of them alone. */
function requestsOfBatch(provider: Provider, parts: readonly KeyPart[], size: number): Bounds {
  if (size === 0) return NOTHING;
  const alone = parts.map(({ ask }) => requestsOf(provider, sample(ask, size)));
  const least = Math.min(...alone.map((one) => one.least));
  if (parts.length === 1 || size === 1)
    return { min: least, likely: alone[0]!.likely, max: Math.max(...alone.map((one) => one.most)) };
  const share = Math.max(1, Math.floor(size / parts.length));
  const mixed = requestsOf(provider, parts.flatMap(({ ask }) => sample(ask, share)).slice(0, size));
  const most = Math.max(mixed.most, ...alone.map((one) => one.most));
  return { min: Math.min(least, mixed.least), likely: mixed.likely, max: most };
}

const SAMPLE = {
  url: (n: number) => `https://host${n}.example/`,
  origin: (n: number) => `https://host${n}.example`,
  host: (n: number) => `host${n}.example`,
  domain: (n: number) => `host${n}.example`,
} as const;

/** Questions like those of an ask, to see what its provider would send. */
function sample({ surface, unit, needs }: PlannedAsk, count: number): Question[] {
  const network = needs?.network;
  const handle = (n: number) =>
    network === 'github' ? `user${n}` : network === 'bluesky' ? `user${n}.example` : `user${n}@host.example`;
  const make = unit === 'handle' ? handle : SAMPLE[unit];
  return Array.from({ length: count }, (_, n) => ({ surface, unit: make(n) }));
}

import type { Ceiling, Ceilings } from '@assay/contracts';

interface StoredCeiling {
  readonly microUsd?: number;
  readonly calls?: number;
}
/** As ingest stores them. */
export interface StoredCeilings extends StoredCeiling {
  readonly providers?: Readonly<Record<string, StoredCeiling>>;
}

/** In USD; null where nothing is limited. */
export function ceilingsView(stored: StoredCeilings | null | undefined): Ceilings | null {
  if (!stored || Object.keys(stored).length === 0) return null;
  const own = Object.entries(stored.providers ?? {}).map(([id, one]) => [id, ceilingView(one)] as const);
  return { ...ceilingView(stored), ...(own.length > 0 && { providers: Object.fromEntries(own) }) };
}

function ceilingView({ microUsd, calls }: StoredCeiling): Ceiling {
  return {
    ...(microUsd !== undefined && { maxPrice: microUsd / 1_000_000 }),
    ...(calls !== undefined && { maxCalls: calls }),
  };
}

import type { Ceiling, Ceilings } from '@assay/contracts';

/** As stored in `submission.ceilings` and read by fetchers: whole micro-dollars. */
export interface StoredCeiling {
  readonly microUsd?: number;
  readonly calls?: number;
}
export interface StoredCeilings extends StoredCeiling {
  readonly providers?: Readonly<Record<string, StoredCeiling>>;
}

const MICRO = 1_000_000;

/** null where nothing is limited. A price finer than a micro-dollar is rounded down: never over. */
export function storedCeilings(asked: Ceilings | undefined): StoredCeilings | null {
  if (!asked) return null;
  const own = Object.entries(asked.providers ?? {}).map(([id, one]) => [id, storedCeiling(one)] as const);
  const limited = own.filter(([, one]) => Object.keys(one).length > 0);
  const stored = {
    ...storedCeiling(asked),
    ...(limited.length > 0 ? { providers: Object.fromEntries(limited) } : {}),
  };
  return Object.keys(stored).length > 0 ? stored : null;
}

function storedCeiling({ maxPrice, maxCalls }: Ceiling): StoredCeiling {
  return {
    // 0.1 + 0.2 USD are 300,000.00000000006 micro-dollars.
    ...(maxPrice === undefined ? {} : { microUsd: Math.floor(maxPrice * MICRO + 1e-4) }),
    ...(maxCalls === undefined ? {} : { calls: maxCalls }),
  };
}

/** The other way round. */
export function shownCeilings(stored: StoredCeilings | null): Ceilings | null {
  if (!stored || Object.keys(stored).length === 0) return null;
  const { providers, ...all } = stored;
  const own = Object.entries(providers ?? {}).map(([id, one]) => [id, shownCeiling(one)] as const);
  return { ...shownCeiling(all), ...(own.length > 0 ? { providers: Object.fromEntries(own) } : {}) };
}

function shownCeiling({ microUsd, calls }: StoredCeiling): Ceiling {
  return {
    ...(microUsd === undefined ? {} : { maxPrice: microUsd / MICRO }),
    ...(calls === undefined ? {} : { maxCalls: calls }),
  };
}

/** A provider in `ceilings` that is not planned, in a sentence; undefined where all are. */
export function unplannedCeiling(
  ceilings: Ceilings | undefined,
  planned: readonly string[],
): string | undefined {
  const id = Object.keys(ceilings?.providers ?? {}).find((name) => !planned.includes(name));
  return id === undefined
    ? undefined
    : `There is a ceiling for "${id.slice(0, 64)}", which is not asked. Asked: ${planned.join(', ')}.`;
}

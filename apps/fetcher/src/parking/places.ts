import type { Lane } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';

/** What waits at a limit key, as the table says: how many, and when the last of each lane may start (0: none). */
export interface Tail {
  readonly count: number;
  readonly express: number;
  readonly bulk: number;
}

export interface PlaceWish {
  readonly limitKey: string;
  readonly lane: Lane;
  readonly unit: string;
  /** When it could start if nothing were parked before it. */
  readonly notBefore: number;
  readonly waitUntil: number;
}

/** Its place, or that it would come too late: then when. */
export type Placed = { readonly notBefore: number } | { readonly until: number };

interface Line {
  at: number;
  /** When the units that were placed from here start: rows of one unit need one permit. */
  readonly units: Map<string, number>;
}

interface Key {
  count: number;
  loadedAt: number;
  readonly lines: Readonly<Record<Lane, Line>>;
}

/** Other members park at the same key: what is known of it is looked up again after this. */
const STALE_MS = 10_000;
const MOST_KEYS = 10_000;

/**
 * Who starts when at each limit key: every parked unit one permit after the one before it, express before bulk. Times are
 * passed in; the table is the memory.
 */
export class Places {
  readonly #keys = new Map<string, Key>();

  constructor(
    /** From one permit to the next. */
    private readonly spacingMs: number,
    private readonly mostPerKey: number,
  ) {}

  /** Those of these keys that must be looked up before anything is placed there. */
  unknown(limitKeys: Iterable<string>, now: number): string[] {
    return [...new Set(limitKeys)].filter((name) => this.stale(name, now));
  }

  stale(limitKey: string, now: number): boolean {
    const key = this.#keys.get(limitKey);
    return !key || now - key.loadedAt >= STALE_MS;
  }

  load(limitKey: string, { count, express, bulk }: Tail, now: number): void {
    if (!this.#keys.has(limitKey) && this.#keys.size >= MOST_KEYS) this.#forgetIdle(now);
    const known = this.#keys.get(limitKey);
    const line = (lane: Lane, at: number): Line => ({ at, units: known?.lines[lane].units ?? new Map() });
    const lines = { express: line('express', express), bulk: line('bulk', bulk) };
    this.#keys.set(limitKey, { count, loadedAt: now, lines });
  }

  /** The key must be known. */
  place(wish: PlaceWish, now: number): Placed {
    const key = this.#keys.get(wish.limitKey)!;
    const line = key.lines[wish.lane];
    forgetPast(line, now);
    const beside = line.units.get(wish.unit);
    if (beside !== undefined) return this.#take(key, wish, Math.max(beside, wish.notBefore));
    const last = this.#last(key, wish.lane);
    const at = last > now ? Math.max(wish.notBefore, last + this.spacingMs) : wish.notBefore;
    const placed = this.#take(key, wish, at);
    if ('until' in placed) return placed;
    line.at = at;
    line.units.set(wish.unit, at);
    return placed;
  }

  /** When the last row before a new one of this lane starts; 0 where none is known. */
  expectedStart(limitKey: string, lane: Lane): number {
    const key = this.#keys.get(limitKey);
    return key ? this.#last(key, lane) : 0;
  }

  /** A row of this key is parked no more. */
  left(limitKey: string): void {
    const key = this.#keys.get(limitKey);
    if (key && --key.count <= 0) this.#keys.delete(limitKey);
  }

  #take(key: Key, { waitUntil }: PlaceWish, at: number): Placed {
    if (at > waitUntil || key.count >= this.mostPerKey) return { until: at };
    key.count++;
    return { notBefore: at };
  }

  #last({ lines }: Key, lane: Lane): number {
    return lane === 'express' ? lines.express.at : Math.max(lines.express.at, lines.bulk.at);
  }

  #forgetIdle(now: number): void {
    for (const [name, key] of this.#keys) if (this.#last(key, 'bulk') <= now) this.#keys.delete(name);
  }
}

/** Entries stand in the order of their times, but for a few. */
function forgetPast({ units }: Line, now: number): void {
  for (const [unit, at] of units) {
    if (at > now) return;
    units.delete(unit);
  }
}

const MOST_UNITS_AT_ONCE = 64;

/** How many units of a key need be in work so that each permit finds one, and none waits there for longer than it may. */
export function unitsAtOnce(spacing: number, parkedAfterMs: number): number {
  return spacing > 0
    ? Math.min(MOST_UNITS_AT_ONCE, 1 + Math.ceil(parkedAfterMs / spacing))
    : MOST_UNITS_AT_ONCE;
}

/** Longer windows hold back a day's worth, not one row behind the other. */
const LONGEST_WINDOW_MS = 3_600_000;

/** Milliseconds from one question to the next at a limit key, as its windows allow for long; 0 where none do. */
export function spacingMs(limits: readonly LimitWindow[], factor: number, batchSize: number): number {
  let spacing = 0;
  for (const { permits, perMs, of } of limits) {
    if (perMs > LONGEST_WINDOW_MS) continue;
    const units = Math.max(1, Math.floor(permits * factor)) * (of === 'calls' ? batchSize : 1);
    spacing = Math.max(spacing, perMs / units);
  }
  return spacing;
}

import { LANES, unitKey, type Lane } from '@assay/contracts';
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
  /** Ms from one start to the next where the host asks for more than its limit. */
  readonly stepMs?: number;
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
  /** -Infinity: it is to be looked up again. */
  loadedAt: number;
  readonly lines: Readonly<Record<Lane, Line>>;
}

/** Other members park at the same key: what is known of it is looked up again after this. */
const STALE_MS = 10_000;
export const MOST_KEYS = 10_000;
/**
 * Units whose place is remembered, over all keys: 20 MB. A second row of one that is not gets a place of its own, so that a
 * permit of its key may be kept for nobody; the rows themselves lie in the table.
 */
export const MOST_UNITS = 100_000;

/**
 * Who starts when at each limit key: every parked unit one permit after the one before it, express before bulk. Times are
 * passed in; the table is the memory.
 */
export class Places {
  readonly #keys = new Map<string, Key>();
  #units = 0;

  constructor(
    /** From one permit to the next. */
    private readonly spacingMs: number,
    private readonly mostPerKey: number,
    private readonly bounds = { keys: MOST_KEYS, units: MOST_UNITS },
  ) {}

  /** Limit keys that are known, and units whose place is. */
  get held(): { readonly keys: number; readonly units: number } {
    return { keys: this.#keys.size, units: this.#units };
  }

  /** Those of these keys that must be looked up before anything is placed there. */
  unknown(limitKeys: Iterable<string>, now: number): string[] {
    return [...new Set(limitKeys)].filter((name) => this.stale(name, now));
  }

  stale(limitKey: string, now: number): boolean {
    const key = this.#keys.get(limitKey);
    return !key || now - key.loadedAt >= STALE_MS;
  }

  load(limitKey: string, { count, express, bulk }: Tail, now: number): void {
    if (!this.#keys.has(limitKey) && this.#keys.size >= this.bounds.keys) this.#makeRoom(now);
    const known = this.#keys.get(limitKey);
    const line = (lane: Lane, at: number): Line => ({ at, units: known?.lines[lane].units ?? new Map() });
    const lines = { express: line('express', express), bulk: line('bulk', bulk) };
    this.#keys.set(limitKey, { count, loadedAt: now, lines });
  }

  /** The key should be known: see `unknown`. */
  place(wish: PlaceWish, now: number): Placed {
    const key = this.#keys.get(wish.limitKey) ?? this.#unknown(wish.limitKey, now);
    const line = key.lines[wish.lane];
    this.#units -= forgetPast(line, now);
    const unit = unitKey(wish.unit);
    const beside = line.units.get(unit);
    if (beside !== undefined) return this.#take(key, wish, Math.max(beside, wish.notBefore));
    const last = this.#last(key, wish.lane);
    const step = Math.max(this.spacingMs, wish.stepMs ?? 0);
    const at = last > now ? Math.max(wish.notBefore, last + step) : wish.notBefore;
    const placed = this.#take(key, wish, at);
    if ('until' in placed) return placed;
    line.at = at;
    if (this.#units < this.bounds.units) {
      line.units.set(unit, at);
      this.#units++;
    }
    return placed;
  }

  /** When the last row before a new one of this lane starts; 0 where none is known. */
  expectedStart(limitKey: string, lane: Lane): number {
    const key = this.#keys.get(limitKey);
    return key ? this.#last(key, lane) : 0;
  }

  /** The table was changed: it is looked up again. */
  moved(limitKey: string): void {
    const key = this.#keys.get(limitKey);
    if (key) key.loadedAt = -Infinity;
  }

  /** A row of this key is parked no more. */
  left(limitKey: string): void {
    const key = this.#keys.get(limitKey);
    if (key && --key.count <= 0) this.#forget(limitKey, key);
  }

  #take(key: Key, { waitUntil }: PlaceWish, at: number): Placed {
    if (at > waitUntil || key.count >= this.mostPerKey) return { until: at };
    key.count++;
    return { notBefore: at };
  }

  #last({ lines }: Key, lane: Lane): number {
    return lane === 'express' ? lines.express.at : Math.max(lines.express.at, lines.bulk.at);
  }

  /** Those where nobody waits, else the one that is known longest: it is looked up again. */
  #makeRoom(now: number): void {
    for (const [name, key] of this.#keys) if (this.#last(key, 'bulk') <= now) this.#forget(name, key);
    const oldest = this.#keys.entries().next().value;
    if (this.#keys.size >= this.bounds.keys && oldest) this.#forget(...oldest);
  }

  #forget(name: string, { lines }: Key): void {
    this.#keys.delete(name);
    for (const lane of LANES) this.#units -= lines[lane].units.size;
  }

  /** It was forgotten between being looked up and being placed at: so many keys are in use. */
  #unknown(limitKey: string, now: number): Key {
    this.load(limitKey, { count: 0, express: 0, bulk: 0 }, now);
    return this.#keys.get(limitKey)!;
  }
}

/** Entries stand in the order of their times, but for a few. Returns how many were forgotten. */
function forgetPast({ units }: Line, now: number): number {
  let forgotten = 0;
  for (const [unit, at] of units) {
    if (at > now) break;
    units.delete(unit);
    forgotten++;
  }
  return forgotten;
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

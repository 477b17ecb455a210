import type { Asked } from './exchange.js';

/** A call as it came in. `key` is the one it was charged to, empty without one. */
export interface Received {
  readonly provider: string;
  readonly asked: readonly Asked[];
  readonly key?: string;
  readonly bytes?: number;
}

export interface Answered {
  readonly provider: string;
  readonly status: string;
  readonly bytes: number;
}

interface Count {
  calls: number;
  units: number;
  bytesIn: number;
  bytesOut: number;
  readonly byKey: Map<string, number>;
  readonly distinct: Set<string>;
  readonly byStatus: Map<string, number>;
  readonly bySurface: Map<string, { calls: number; units: number; distinct: Set<string> }>;
}

/** What GET /counts shows of one provider. `units` counts each question, `distinctUnits` each value once. */
export interface CountView {
  readonly calls: number;
  readonly units: number;
  readonly distinctUnits: number;
  /** Bytes of bodies, as they came in and as they were meant to go out. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Calls by key. */
  readonly keys: Readonly<Record<string, number>>;
  /** HTTP status, or `hang`, `reset`, `garbage`, `aborted` (the client left first). */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly surfaces: Readonly<Record<string, { calls: number; units: number; distinctUnits: number }>>;
}

type Note = (entry: readonly ['received', Received] | readonly ['answered', Answered]) => void;

/** The simulator's own books: a call is counted when it is received, its status when it is answered. */
export class Counts {
  private readonly byProvider = new Map<string, Count>();
  private note: Note | undefined;
  private forget: (() => void) | undefined;

  /** Told of everything that is counted from now on. */
  listen(note: Note, forget: () => void): void {
    this.note = note;
    this.forget = forget;
  }

  received(call: Received): void {
    const { provider, asked, key = '', bytes = 0 } = call;
    const count = this.countOf(provider);
    count.calls += 1;
    count.units += asked.length;
    count.bytesIn += bytes;
    if (key !== '') count.byKey.set(key, (count.byKey.get(key) ?? 0) + 1);
    this.note?.(['received', { provider, asked, key, bytes }]);
    const seen = new Set<string>();
    for (const one of asked) this.noteUnit(count, one, seen);
  }

  answered(provider: string, status: string, bytes = 0): void {
    const count = this.countOf(provider);
    count.byStatus.set(status, (count.byStatus.get(status) ?? 0) + 1);
    count.bytesOut += bytes;
    this.note?.(['answered', { provider, status, bytes }]);
  }

  reset(): void {
    this.byProvider.clear();
    this.forget?.();
  }

  view(): Record<string, CountView> {
    return Object.fromEntries([...this.byProvider].map(([provider, count]) => [provider, viewOf(count)]));
  }

  private noteUnit(count: Count, { surface, unit }: Asked, seen: Set<string>): void {
    count.distinct.add(`${surface} ${unit}`);
    const known = count.bySurface.get(surface) ?? { calls: 0, units: 0, distinct: new Set<string>() };
    count.bySurface.set(surface, known);
    if (!seen.has(surface)) known.calls += 1;
    seen.add(surface);
    known.units += 1;
    known.distinct.add(unit);
  }

  private countOf(provider: string): Count {
    const known = this.byProvider.get(provider);
    if (known) return known;
    const fresh: Count = {
      calls: 0,
      units: 0,
      bytesIn: 0,
      bytesOut: 0,
      byKey: new Map(),
      distinct: new Set(),
      byStatus: new Map(),
      bySurface: new Map(),
    };
    this.byProvider.set(provider, fresh);
    return fresh;
  }
}

function viewOf(count: Count): CountView {
  const surfaces = [...count.bySurface].map(
    ([surface, { calls, units, distinct }]) =>
      [surface, { calls, units, distinctUnits: distinct.size }] as const,
  );
  return {
    calls: count.calls,
    units: count.units,
    distinctUnits: count.distinct.size,
    bytesIn: count.bytesIn,
    bytesOut: count.bytesOut,
    keys: Object.fromEntries(count.byKey),
    byStatus: Object.fromEntries(count.byStatus),
    surfaces: Object.fromEntries(surfaces),
  };
}

import type { Asked } from './exchange.js';
import { Timeline, type Second } from './timeline.js';

/** A call as it came in. `key` is the one it was charged to, empty without one. */
export interface Received {
  readonly provider: string;
  readonly asked: readonly Asked[];
  readonly key?: string;
  readonly bytes?: number;
  /** When it came in, by the simulator's clock; without it the call stands in no timeline. */
  readonly at?: number;
  /** Told to come later; every other call is admitted, whatever it is answered. */
  readonly isRefused?: boolean;
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
  refused: number;
  admittedUnits: number;
  repeatedUnits: number;
  /** True: it came in with an admitted call before. */
  readonly distinct: Map<string, boolean>;
  readonly timeline: Timeline;
  readonly byStatus: Map<string, number>;
  readonly bySurface: Map<string, { calls: number; units: number; distinct: Set<string> }>;
}

/** What GET /counts shows of one provider. `units` counts each question, `distinctUnits` each value once. */
export interface CountView {
  readonly calls: number;
  readonly units: number;
  readonly distinctUnits: number;
  /** Calls that were told to come later: limit, quota, penalty, or a fault that says so. */
  readonly refused: number;
  /** All others, whatever they were answered, and their units. */
  readonly admittedCalls: number;
  readonly admittedUnits: number;
  /** Units of admitted calls beyond their first time there. */
  readonly repeatedUnits: number;
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
    const { provider, asked, key = '', bytes = 0, at, isRefused = false } = call;
    const count = this.countOf(provider);
    count.calls += 1;
    count.units += asked.length;
    count.bytesIn += bytes;
    if (key !== '') count.byKey.set(key, (count.byKey.get(key) ?? 0) + 1);
    if (isRefused) count.refused += 1;
    else count.admittedUnits += asked.length;
    if (at !== undefined) count.timeline.note(at, isRefused, asked.length);
    this.note?.(['received', { provider, asked, key, bytes, ...(at !== undefined && { at }), isRefused }]);
    const seen = new Set<string>();
    for (const one of asked) {
      noteDistinct(count, one, isRefused);
      noteSurface(count, one, seen);
    }
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

  /** Calls of a provider by second. */
  timeline(provider: string): Second[] {
    return this.byProvider.get(provider)?.timeline.view() ?? [];
  }

  private countOf(provider: string): Count {
    const known = this.byProvider.get(provider);
    if (known) return known;
    const fresh: Count = {
      calls: 0,
      units: 0,
      bytesIn: 0,
      bytesOut: 0,
      refused: 0,
      admittedUnits: 0,
      repeatedUnits: 0,
      byKey: new Map(),
      distinct: new Map(),
      timeline: new Timeline(),
      byStatus: new Map(),
      bySurface: new Map(),
    };
    this.byProvider.set(provider, fresh);
    return fresh;
  }
}

function noteDistinct(count: Count, { surface, unit }: Asked, isRefused: boolean): void {
  const name = `${surface} ${unit}`;
  const wasAdmitted = count.distinct.get(name);
  if (wasAdmitted && !isRefused) count.repeatedUnits += 1;
  if (wasAdmitted === undefined || (!wasAdmitted && !isRefused)) count.distinct.set(name, !isRefused);
}

/** `seen`: the surfaces that this call was counted for. */
function noteSurface(count: Count, { surface, unit }: Asked, seen: Set<string>): void {
  const known = count.bySurface.get(surface) ?? { calls: 0, units: 0, distinct: new Set<string>() };
  count.bySurface.set(surface, known);
  if (!seen.has(surface)) known.calls += 1;
  seen.add(surface);
  known.units += 1;
  known.distinct.add(unit);
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
    refused: count.refused,
    admittedCalls: count.calls - count.refused,
    admittedUnits: count.admittedUnits,
    repeatedUnits: count.repeatedUnits,
    bytesIn: count.bytesIn,
    bytesOut: count.bytesOut,
    keys: Object.fromEntries(count.byKey),
    byStatus: Object.fromEntries(count.byStatus),
    surfaces: Object.fromEntries(surfaces),
  };
}

import type { Asked, Exchange } from './exchange.js';

interface Count {
  calls: number;
  units: number;
  readonly distinct: Set<string>;
  readonly byStatus: Map<string, number>;
  readonly bySurface: Map<string, { calls: number; units: number; distinct: Set<string> }>;
}

/** What GET /counts shows of one provider. `units` counts each question, `distinctUnits` each value once. */
export interface CountView {
  readonly calls: number;
  readonly units: number;
  readonly distinctUnits: number;
  /** HTTP status, or `hang`, `reset`, `garbage`, `aborted` (the client left first). */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly surfaces: Readonly<Record<string, { calls: number; units: number; distinctUnits: number }>>;
}

/** The simulator's own books: a call is counted when it is received, its status when it is answered. */
export class Counts {
  private readonly byProvider = new Map<string, Count>();

  received({ provider, asked }: Pick<Exchange, 'provider' | 'asked'>): void {
    const count = this.countOf(provider);
    count.calls += 1;
    count.units += asked.length;
    const seen = new Set<string>();
    for (const one of asked) this.note(count, one, seen);
  }

  answered(provider: string, status: string): void {
    const { byStatus } = this.countOf(provider);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  }

  reset(): void {
    this.byProvider.clear();
  }

  view(): Record<string, CountView> {
    return Object.fromEntries([...this.byProvider].map(([provider, count]) => [provider, viewOf(count)]));
  }

  private note(count: Count, { surface, unit }: Asked, seen: Set<string>): void {
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
    byStatus: Object.fromEntries(count.byStatus),
    surfaces: Object.fromEntries(surfaces),
  };
}

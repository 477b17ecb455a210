import { cellName, type ParkedRow } from './parked-row.js';

/** A row that was taken, and until when it is ours. */
export interface Taken {
  readonly row: ParkedRow;
  leaseUntil: number;
}

/** Of further keys rows are taken and sent back in vain, 500 a look at most. */
const MOST_RESTING = 5_000;

/** Rows of one provider that are in work now, and which limit keys can take no more. Time is passed in. */
export class WorkList {
  readonly #taken = new Map<string, Taken>();
  /** By limit key: its units in work, with the rows of each. */
  readonly #units = new Map<string, Map<string, number>>();
  readonly #restsUntil = new Map<string, number>();

  constructor(
    private readonly most: number,
    /** Units of one limit key: one host never fills the list. */
    private readonly mostPerKey: number,
  ) {}

  get room(): number {
    return Math.max(0, this.most - this.#taken.size);
  }

  get size(): number {
    return this.#taken.size;
  }

  all(): Taken[] {
    return [...this.#taken.values()];
  }

  has(row: ParkedRow): boolean {
    return this.#taken.has(cellName(row));
  }

  add(row: ParkedRow, leaseUntil: number): Taken {
    const taken = { row, leaseUntil };
    this.#taken.set(cellName(row), taken);
    const units = this.#units.get(row.limitKey) ?? new Map<string, number>();
    this.#units.set(row.limitKey, units.set(row.unit, (units.get(row.unit) ?? 0) + 1));
    return taken;
  }

  remove({ row }: Taken): void {
    if (!this.#taken.delete(cellName(row))) return;
    const units = this.#units.get(row.limitKey)!;
    const rest = units.get(row.unit)! - 1;
    if (rest > 0) units.set(row.unit, rest);
    else units.delete(row.unit);
    if (units.size === 0) this.#units.delete(row.limitKey);
  }

  /** A row of this key was sent back until then: asking its others earlier is of no use. */
  rest(limitKey: string, until: number): void {
    const rests = this.#restsUntil.get(limitKey);
    if (rests === undefined && this.#restsUntil.size >= MOST_RESTING) return;
    this.#restsUntil.set(limitKey, Math.max(until, rests ?? 0));
  }

  /** Limit keys whose rows are left where they are. */
  closed(now: number): string[] {
    const closed: string[] = [];
    for (const [name, until] of this.#restsUntil) {
      if (until > now) closed.push(name);
      else this.#restsUntil.delete(name);
    }
    for (const [name, units] of this.#units) if (name && units.size >= this.mostPerKey) closed.push(name);
    return closed;
  }
}

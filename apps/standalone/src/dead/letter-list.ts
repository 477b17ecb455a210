import type { Lane, MessageName } from '@assay/contracts';
import { rowsIn, type DeadLetterFound, type LetterRow, type Origin } from '@assay/messaging';

/** A dead letter as it is listed, without its value. */
export interface ListedLetter {
  /** When it was written. */
  readonly at: string;
  readonly message: MessageName;
  readonly lane: Lane | null;
  readonly group: string;
  readonly code: string;
  readonly reason: string;
  readonly attempts: number;
  readonly origin: Origin;
  readonly letter: Origin;
  /** Those it belonged to, where the value can be read. */
  readonly rows: readonly LetterRow[];
  readonly bytes: number;
  /** When it was returned to its group; missing where it was not, or nobody could be asked. */
  readonly returnedAt?: string;
}

/** Code and number of letters, by group. */
export type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function listed(letter: DeadLetterFound): ListedLetter {
  const { at, message, lane, group, code, reason, attempts, origin, place, value } = letter;
  return {
    at: new Date(Number.isFinite(at) ? at : 0).toISOString(),
    ...{ message, lane: lane ?? null, group, code, reason, attempts, origin },
    letter: place,
    rows: rowsIn(value),
    bytes: value?.length ?? 0,
  };
}

/** Counts all letters, and keeps the newest: no more than twice as many as will be shown are in memory. */
export class LetterList {
  #newest: ListedLetter[] = [];
  readonly #counts = new Map<string, Map<string, number>>();
  total = 0;

  constructor(private readonly limit: number) {}

  add(letter: DeadLetterFound): void {
    this.total++;
    const codes = this.#counts.get(letter.group) ?? new Map<string, number>();
    codes.set(letter.code, (codes.get(letter.code) ?? 0) + 1);
    this.#counts.set(letter.group, codes);
    this.#newest.push(listed(letter));
    if (this.#newest.length >= 2 * this.limit) this.#cut();
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Newest first; of one moment in the order of their places. */
  newest(): readonly ListedLetter[] {
    this.#cut();
    return this.#newest;
  }

  #cut(): void {
    this.#newest.sort((a, b) => compareText(b.at, a.at) || comparePlaces(a.letter, b.letter));
    this.#newest.length = Math.min(this.#newest.length, this.limit);
  }
}

function comparePlaces(a: Origin, b: Origin): number {
  return compareText(a.topic, b.topic) || a.partition - b.partition || Number(b.offset) - Number(a.offset);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

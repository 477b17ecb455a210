import type { Cell, Circumstance } from './cells.js';
import type { Fault } from '../checker/check.js';
import type { Struck } from './strike.js';

/** One cell as it went, a line of the file of results. */
export interface CellResult {
  readonly cell: string;
  readonly seed: number;
  /** What was run, as git names it. */
  readonly commit: string;
  readonly at: string;
  readonly circumstance: Circumstance;
  readonly ok: boolean;
  /** What was wrong, in words; the first ones where there are many. */
  readonly faults: readonly string[];
  readonly rows: number;
  readonly lost: number;
  readonly doubled: number;
  /** Longest time without a new final row after a blow was over. Seconds. */
  readonly recoveryS: number;
  readonly blows: readonly (Omit<Struck, 'at' | 'over'> & { readonly atShare: number })[];
  /** Messages planted that no reader can read. */
  readonly poison: number;
  /** Cells that say why they have no number, of those planned. */
  readonly unanswered: number;
  readonly seconds: number;
  /** Processes that wanted the machine in the last minute: on a busy one all takes longer. */
  readonly load: number;
  /** Where the logs of a failed cell lie. */
  readonly logs?: string;
}

/** Of one of our processes, which is started again at once; of the broker or PostgreSQL. Seconds. */
const PROCESS_BOUND_S = 10;
const PART_BOUND_S = 20;

/** Longest time without a new final row that a cell may take. Seconds. */
export function boundOf(cell: Cell): number {
  const isPart = cell.blows.some(({ victim }) => victim === 'broker' || victim === 'postgres');
  return isPart ? PART_BOUND_S : PROCESS_BOUND_S;
}

const MOST_WORDS = 20;

export function wordsOf(found: readonly Fault[]): string[] {
  const words = found.map(({ kind, where, expected, found: seen }) =>
    `${kind}: ${where}: ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`.slice(0, 500),
  );
  const more = words.length - MOST_WORDS;
  return more > 0 ? [...words.slice(0, MOST_WORDS), `and ${more} more`] : words;
}

export interface Summary {
  readonly cells: number;
  readonly failed: number;
  readonly rows: number;
  readonly lost: number;
  readonly doubled: number;
  readonly longestRecoveryS: number;
}

export function summaryOf(results: readonly CellResult[]): Summary {
  const sum = (of: (result: CellResult) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    cells: results.length,
    failed: results.filter(({ ok }) => !ok).length,
    rows: sum(({ rows }) => rows),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    longestRecoveryS: Math.max(0, ...results.map(({ recoveryS }) => recoveryS)),
  };
}

import type { Lane, Plan } from '@assay/contracts';
import type { CellResult, Wait } from '@assay/fetching';
import { questionOf, type Asks, type CellQuestion, type RowIdentity } from '../questions-of.js';

/** A cell that waits in table `parked`: all that is needed to ask and to answer without its message. Times in ms since 1970. */
export interface ParkedRow {
  readonly ask: string;
  readonly submission: string;
  readonly seq: number;
  readonly gen: number;
  readonly lane: Lane;
  readonly partition: number;
  /** Whose limit it waits for; empty while its submission is paused. */
  readonly limitKey: string;
  /** As asked. */
  readonly unit: string;
  readonly plan: Plan;
  /** Empty where an earlier version parked it. */
  readonly row: RowIdentity;
  /** End of its patience. */
  readonly waitUntil: number;
  readonly expiresAt: number;
  readonly notBefore: number;
}

export type ParkableQuestion = CellQuestion & { readonly request: NonNullable<CellQuestion['request']> };

/** Patience counts from when it was asked first. */
export function parkedRow(
  question: ParkableQuestion,
  wait: Wait,
  askedAt: number,
  partition: number,
): ParkedRow {
  const { ask, plan, seq, row, gen, request } = question;
  return {
    ask: ask.id,
    submission: plan.submission,
    seq,
    gen,
    lane: request.lane,
    partition,
    limitKey: wait.limitKey,
    unit: request.question.unit,
    plan,
    row,
    waitUntil: Math.min(askedAt + request.patienceMs, request.expiresAt),
    expiresAt: request.expiresAt,
    notBefore: wait.notBefore,
  };
}

/** The question of a parked cell; undefined where its ask is no more. A pause costs no patience: that begins anew. */
export function questionOfParked(parked: ParkedRow, asks: Asks, now: number): ParkableQuestion | undefined {
  const ask = asks.get(parked.ask);
  if (!ask) return undefined;
  const { plan, gen, seq, row, unit, lane, limitKey, waitUntil } = parked;
  const question = questionOf({ ask, gen, plan, seq, row, unit, lane });
  const patienceMs = limitKey === '' ? plan.patienceMs : Math.max(0, waitUntil - now);
  return { ...question, request: { ...question.request!, patienceMs } };
}

/** What is answered where waiting until then is too long. */
export function tooLong(wait: Wait, until: number, at: number): CellResult {
  const detail = wait.reason === 'paused' ? 'quota' : wait.reason;
  return { outcome: 'skipped', detail, until: Math.ceil(until), at };
}

/** What is told one whose turn comes after the end of its patience, since its line was moved apart. */
export function tooLate({ limitKey, notBefore, waitUntil }: ParkedRow, at: number): CellResult | undefined {
  if (limitKey === '' || notBefore <= waitUntil) return undefined;
  return { outcome: 'skipped', detail: 'quota', until: Math.ceil(notBefore), at };
}

/** One name per cell: a statement may name a row only once. */
export function cellName({ ask, submission, seq }: Pick<ParkedRow, 'ask' | 'submission' | 'seq'>): string {
  return `${ask} ${submission} ${seq}`;
}

/** Of several generations of a cell the highest. */
export function newestPerCell(rows: readonly ParkedRow[]): ParkedRow[] {
  const newest = new Map<string, ParkedRow>();
  for (const row of rows) {
    const name = cellName(row);
    const known = newest.get(name);
    if (!known || row.gen >= known.gen) newest.set(name, row);
  }
  return [...newest.values()];
}

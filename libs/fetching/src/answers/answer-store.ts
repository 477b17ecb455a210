import type { MetricValue } from '@assay/providers';
import type { Charged } from '../buying/charged.js';
import type { PurchaseStore } from '../buying/purchase-store.js';
import type { FreshAnswer } from './fresh-answer.js';

export type { FreshAnswer } from './fresh-answer.js';

export interface NewAnswer extends FreshAnswer {
  readonly surface: string;
  readonly version: number;
  readonly unit: string;
  readonly numbers?: Readonly<Record<string, MetricValue>>;
  readonly asOf?: string;
}

/** The end of a priced call, which the ledger holds since before it was made. */
export interface EndedCall {
  readonly id: string;
  /** By the best that came of it. */
  readonly class: string;
  readonly message?: string;
  /** Requests that went out; 0: it was never made, and leaves the ledger. */
  readonly requests: number;
  readonly charged: Charged;
  readonly latencyMs: number;
  /** Of the bodies that came. */
  readonly bytes: number;
  /** What became of each claim, by answer key. */
  readonly units: readonly { readonly key: string; readonly outcome: string; readonly charged: Charged }[];
}

/** Ledger of free calls: what to add to the row of (provider, minute, worker, class). */
export interface CallMinute {
  readonly provider: string;
  readonly minute: number;
  readonly class: string;
  readonly calls: number;
  readonly units: number;
}

export interface Commit {
  readonly answers: readonly NewAnswer[];
  readonly ended: readonly EndedCall[];
  readonly minutes: readonly CallMinute[];
}

/** The store is there and will never take these answers: their data breaks a rule of its tables. */
export class AnswersRefused extends Error {
  constructor(cause: Error) {
    super(`the store refused an answer: ${cause.message}`, { cause });
    this.name = 'AnswersRefused';
  }
}

/** Where answers and the ledger live. Both methods reject where the store is away. */
export interface AnswerStore {
  readonly purchases: PurchaseStore;
  /** The newest stored answer of each key, expired ones too; keys without one are left out. */
  findFresh(keys: readonly string[]): Promise<FreshAnswer[]>;
  /** Stores all of it or nothing. May be given the same answers twice. @throws AnswersRefused */
  commit(commit: Commit): Promise<void>;
}

/** When a row was dispatched, and since when what was asked counts as asked for it. By the database's clock, ms since 1970. */
export interface DispatchTimes {
  readonly dispatchedAt: number;
  /** Of the first rows that were dispatched with it, whose answers are its own; absent: it was among them. */
  readonly freshFrom?: number | undefined;
}

/** An answer fetched, or a purchase begun, from then on was made for this row, whoever asked. */
export function freshSince({ dispatchedAt, freshFrom = dispatchedAt }: DispatchTimes): number {
  return freshFrom;
}

/**
 * May this row use that answer? Within its time to live and the row's own limit of age, or fetched after the
 * first of its list was dispatched: so neither a replay nor the next part of the list asks again.
 */
export function isFresh(
  answer: Pick<FreshAnswer, 'fetchedAt' | 'expiresAt'>,
  row: DispatchTimes & { readonly maxAgeMs?: number | undefined },
  now: number,
): boolean {
  if (answer.fetchedAt >= freshSince(row)) return true;
  const oldest = row.maxAgeMs === undefined ? -Infinity : now - row.maxAgeMs;
  return answer.expiresAt > now && answer.fetchedAt >= oldest;
}

import type { JoinedCell, Lane, RowState as ShownState, SubmissionState } from '@assay/contracts';
import type { RowState } from '../../apps/joiner/src/row-state.js';
import type { ParkedRow } from '../../apps/fetcher/src/parking/parked-row.js';

/** Of one line of a list, every one of them accepted. */
export interface Line {
  readonly seq: string;
  readonly turn: number;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly bucket: number;
}

export interface SubmissionRow {
  readonly id: string;
  readonly state: SubmissionState;
  readonly gen: number;
  readonly asks: readonly string[];
  readonly lines: readonly Line[];
  readonly dispatched: number;
  readonly cursorSeq: string;
  readonly retryRows: number;
  readonly retryDispatched: number;
  readonly retrySeq: string;
  readonly cancelledAt: number | undefined;
  readonly completedAt: number | undefined;
}

export interface DispatchRecord {
  readonly submission: string;
  readonly chunk: number;
  readonly gen: number;
  readonly cancelled: boolean;
  readonly after: string;
  readonly count: number;
  readonly dispatchedAt: number;
  readonly freshFrom: number;
  readonly round1At: number;
  readonly deadlineAt: number;
  readonly owner: string;
  readonly leaseUntil: number;
  readonly sentAt: number | undefined;
  /** Reconciliation: how often it was taken up again, whether the last take is out, and whether it needs none any more. */
  readonly takes: number;
  readonly takeOwed: boolean;
  readonly settled: boolean;
}

export interface RetryRow {
  readonly asks: readonly string[];
  readonly matched: readonly string[];
}

export interface PendingRow {
  readonly submission: string;
  readonly seq: number;
  readonly partition: number;
  readonly revision: number;
  /** JSON. */
  readonly state: string;
  readonly sweepAt: number | null;
  readonly doneAt: number | null;
}

export interface UrlRecord {
  readonly submission: string;
  readonly seq: number;
  readonly version: number;
  readonly gen: number;
  readonly state: ShownState;
  readonly url: string | null;
  readonly host: string | null;
  readonly domain: string | null;
  readonly cells: Readonly<Record<string, JoinedCell>>;
  readonly numbers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface CountRecord {
  readonly submission: string;
  readonly partition: number;
  readonly ask: string;
  readonly outcome: string;
  readonly detail: string;
  readonly n: number;
}

export interface AnswerRecord {
  readonly id: string;
  readonly key: string;
  readonly unit: string;
  readonly outcome: 'ok' | 'absent';
  readonly numbers: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, string>> | undefined;
  readonly fetchedAt: number;
  readonly expiresAt: number;
}

export interface ParkedRecord extends ParkedRow {
  readonly provider: string;
  readonly leaseOwner: string | undefined;
  readonly leaseUntil: number;
}

/** PostgreSQL as far as the flow goes, keyed by text. Records are replaced, never changed. */
export class Tables {
  /** Of all submissions of a run. */
  lane: Lane = 'express';
  submission = new Map<string, SubmissionRow>();
  dispatch = new Map<string, DispatchRecord>();
  /** Asks raised, by submission, gen and line. */
  retryRow = new Map<string, RetryRow>();
  pendingRow = new Map<string, PendingRow>();
  urlRow = new Map<string, UrlRecord>();
  count = new Map<string, CountRecord>();
  answer = new Map<string, AnswerRecord>();
  fresh = new Map<string, AnswerRecord>();
  parked = new Map<string, ParkedRecord>();
}

/** What one transaction may write, and holds until it ends. */
export const SCOPES = {
  ingest: ['submission', 'dispatch', 'retryRow'],
  store: ['urlRow', 'count'],
} as const satisfies Record<string, readonly (keyof Tables)[]>;
export type Scope = keyof typeof SCOPES;

export function stateOf(row: PendingRow): RowState {
  return JSON.parse(row.state) as RowState;
}

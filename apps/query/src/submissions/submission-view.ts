import {
  submissionLinks,
  type AskCounts,
  type CellCounts,
  type Lane,
  type Reconciled,
  type RowCounts,
  type SubmissionState,
  type SubmissionView,
} from '@assay/contracts';
import type { Registry } from '@assay/providers';
import { ceilingsView, type StoredCeilings } from './ceilings-view.js';

/** A row of `submission`. The driver hands bigint over as text. */
export interface SubmissionRecord {
  readonly id: string;
  readonly name: string | null;
  readonly state: SubmissionState;
  readonly lane: Lane;
  readonly asks: readonly string[];
  readonly lines: string;
  readonly accepted: string;
  readonly duplicate: string;
  readonly rejected: string;
  /** Whole micro-dollars. */
  readonly ceilings?: StoredCeilings | null;
  readonly created_at: Date;
  readonly completed_at: Date | null;
}

/** `submission_count` summed over partitions. Ask '' holds row states, the others outcomes of cells. */
export interface CountRecord {
  readonly submission: string;
  readonly ask: string;
  readonly outcome: string;
  readonly detail: string;
  readonly n: string;
}

/**
 * The submission as people see it. The identities hold whatever was counted so far: what no
 * count mentions is waiting (rows) or pending (cells).
 */
export function submissionView(
  record: SubmissionRecord,
  counts: readonly CountRecord[],
  registry: Registry,
  reconciled: Reconciled = { rows: 0, stuck: 0 },
): SubmissionView {
  const accepted = Number(record.accepted);
  const asks = record.asks.map((ask) => askCounts(ask, accepted, counts, registry));
  return {
    id: record.id,
    name: record.name,
    state: record.state,
    lane: record.lane,
    createdAt: record.created_at.toISOString(),
    completedAt: record.completed_at?.toISOString() ?? null,
    counts: {
      lines: Number(record.lines),
      accepted,
      duplicate: Number(record.duplicate),
      rejected: Number(record.rejected),
    },
    rows: rowCounts(accepted, counts),
    cells: sumOf(asks),
    asks,
    reconciled,
    ceilings: ceilingsView(record.ceilings),
    links: submissionLinks(record.id),
  };
}

/** Rows that were not dispatched yet have no count: they are waiting. */
function rowCounts(total: number, counts: readonly CountRecord[]): RowCounts {
  const partial = countOf(counts, '', 'partial');
  const final = countOf(counts, '', 'final');
  return { total, waiting: Math.max(0, total - partial - final), partial, final };
}

function askCounts(
  ask: string,
  planned: number,
  counts: readonly CountRecord[],
  registry: Registry,
): AskCounts {
  const known = registry.asks.get(ask);
  const [ok, absent, failed, skipped] = (['ok', 'absent', 'failed', 'skipped'] as const).map((outcome) =>
    countOf(counts, ask, outcome),
  ) as [number, number, number, number];
  return {
    ask,
    // An ask of a provider that was removed since keeps its counts under the name in front of the dot.
    provider: known?.provider.id ?? ask.split('.')[0] ?? ask,
    round: known?.round ?? 1,
    planned,
    ok,
    absent,
    failed,
    skipped,
    pending: Math.max(0, planned - ok - absent - failed - skipped),
    reasons: reasonsOf(ask, counts),
  };
}

function reasonsOf(ask: string, counts: readonly CountRecord[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const count of counts) {
    if (count.ask !== ask || (count.outcome !== 'failed' && count.outcome !== 'skipped')) continue;
    const reason = `${count.outcome}(${count.detail})`;
    const n = (reasons[reason] ?? 0) + Number(count.n);
    if (n > 0) reasons[reason] = n;
  }
  return reasons;
}

function countOf(counts: readonly CountRecord[], ask: string, outcome: string): number {
  let sum = 0;
  for (const count of counts) if (count.ask === ask && count.outcome === outcome) sum += Number(count.n);
  return sum;
}

const CELL_KINDS = ['planned', 'ok', 'absent', 'failed', 'skipped', 'pending'] as const;

function sumOf(asks: readonly CellCounts[]): CellCounts {
  const sum = { planned: 0, ok: 0, absent: 0, failed: 0, skipped: 0, pending: 0 };
  for (const each of asks) for (const kind of CELL_KINDS) sum[kind] += each[kind];
  return sum;
}

/** Nothing about it will change any more, unless a person asks for a retry. */
export function hasEnded(view: SubmissionView): boolean {
  if (view.state === 'complete') return true;
  return view.state === 'cancelled' && view.rows.final === view.rows.total;
}

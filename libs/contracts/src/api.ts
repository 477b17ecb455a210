/** Shapes of the REST API that ingest writes, query reads, and page and terminal show. */
import { Type, type Static } from 'typebox';
import { JoinedCell } from './row-joined.js';
import { Seq, Uuid } from './plan.js';
import { Ceilings } from './submission-options.js';
import { LANES } from './topics.js';

export const SUBMISSION_STATES = [
  'receiving',
  'running',
  'paused',
  'complete',
  'cancelled',
  'truncated',
] as const;
export type SubmissionState = (typeof SUBMISSION_STATES)[number];

const Count = Type.Integer({ minimum: 0 });

/** lines = accepted + duplicate + rejected. Blank lines and a CSV header are not lines. */
export const LineCounts = Type.Object({ lines: Count, accepted: Count, duplicate: Count, rejected: Count });
export type LineCounts = Static<typeof LineCounts>;

/** planned = ok + absent + failed + skipped + pending; pending is 0 when a run has ended. */
export const CellCounts = Type.Object({
  planned: Count,
  ok: Count,
  absent: Count,
  failed: Count,
  skipped: Count,
  pending: Count,
});
export type CellCounts = Static<typeof CellCounts>;

/** total = waiting + partial + final; total is the number of accepted lines. */
export const RowCounts = Type.Object({ total: Count, waiting: Count, partial: Count, final: Count });
export type RowCounts = Static<typeof RowCounts>;

/**
 * Rows without a final version at deadline and grace that were taken up again, and those of them that still have none
 * after three takes: the submission runs on, and they are listed by GET /v1/submissions/:id/stuck. 0 and 0 in quiet runs.
 */
export const Reconciled = Type.Object({ rows: Count, stuck: Count });
export type Reconciled = Static<typeof Reconciled>;

/** Where a message lies that one group gave up on, and why. */
export const DeadLetterPlace = Type.Object({
  topic: Type.String(),
  partition: Count,
  offset: Count,
  at: Type.String({ format: 'date-time' }),
  code: Type.String(),
  reason: Type.String(),
  /** The group that gave up. */
  group: Type.String(),
});
export type DeadLetterPlace = Static<typeof DeadLetterPlace>;

/** An item of GET /v1/submissions/:id/stuck. */
export const StuckRow = Type.Object({
  seq: Seq,
  url: Type.String(),
  since: Type.String({ format: 'date-time' }),
  takes: Count,
  /** The newest one about this row; null where none is known. */
  deadLetter: Type.Union([DeadLetterPlace, Type.Null()]),
});
export type StuckRow = Static<typeof StuckRow>;

export const SubmissionLinks = Type.Object({
  self: Type.String(),
  rows: Type.String(),
  rejected: Type.String(),
  events: Type.String(),
  csv: Type.String(),
  ndjson: Type.String(),
  page: Type.String(),
});
export type SubmissionLinks = Static<typeof SubmissionLinks>;

const StateSchema = Type.Enum(SUBMISSION_STATES);
const LaneSchema = Type.Enum(LANES);

/** 202 of POST /v1/submissions: all of it is committed. */
export const SubmissionAccepted = Type.Object({
  id: Uuid,
  state: StateSchema,
  lane: LaneSchema,
  counts: LineCounts,
  links: SubmissionLinks,
});
export type SubmissionAccepted = Static<typeof SubmissionAccepted>;

/** 202 of POST /v1/submissions/:id/retry: it is committed. */
export const RetryAccepted = Type.Object({
  id: Uuid,
  state: StateSchema,
  /** Generation under which the cells are asked again. */
  gen: Type.Integer({ minimum: 1 }),
  /** Rows with at least one cell that is asked again. */
  rows: Count,
  /** Cells asked again, those that depend on others among them. */
  cells: Count,
  links: SubmissionLinks,
});
export type RetryAccepted = Static<typeof RetryAccepted>;

export const AskCounts = Type.Object({
  ask: Type.String(),
  provider: Type.String(),
  round: Type.Integer({ minimum: 1, maximum: 2 }),
  ...CellCounts.properties,
  /** `failed(timeout)` and the like to a number of cells; sums to failed + skipped. */
  reasons: Type.Record(Type.String(), Count),
});
export type AskCounts = Static<typeof AskCounts>;

/** GET /v1/submissions/:id */
export const SubmissionView = Type.Object({
  id: Uuid,
  name: Type.Union([Type.String(), Type.Null()]),
  state: StateSchema,
  lane: LaneSchema,
  createdAt: Type.String({ format: 'date-time' }),
  completedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  counts: LineCounts,
  rows: RowCounts,
  cells: CellCounts,
  asks: Type.Array(AskCounts),
  reconciled: Reconciled,
  /** USD and calls that are never passed; null: none. */
  ceilings: Type.Optional(Type.Union([Ceilings, Type.Null()])),
  links: SubmissionLinks,
});
export type SubmissionView = Static<typeof SubmissionView>;

/** A cell as people see it: the merged cell and the numbers of its answer. */
export const CellView = Type.Object({
  ...JoinedCell.properties,
  /** Metric id to value; present for ok. A metric the provider left out is missing, never 0. */
  numbers: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type CellView = Static<typeof CellView>;

export const Spam = Type.Object({
  /** 0 to 1; null where no signal was measured. */
  probability: Type.Union([Type.Number(), Type.Null()]),
  flag: Type.Union([Type.Boolean(), Type.Null()]),
  reasons: Type.Array(Type.String()),
  model: Type.String(),
});
export type Spam = Static<typeof Spam>;

export const Quality = Type.Object({
  /** 0 to 100; null where nothing was measured. */
  score: Type.Union([Type.Number(), Type.Null()]),
  /** Share of the formula's weight that was measured, 0 to 1. */
  coverage: Type.Number(),
});
export type Quality = Static<typeof Quality>;

export const ROW_STATES = ['waiting', 'partial', 'final'] as const;
export type RowState = (typeof ROW_STATES)[number];

export const RowView = Type.Object({
  submission: Uuid,
  seq: Seq,
  url: Type.String(),
  host: Type.String(),
  domain: Type.String(),
  state: Type.Enum(ROW_STATES),
  /** 0 while nothing was joined yet. */
  version: Type.Integer({ minimum: 0 }),
  /** By planned ask; an ask that has no outcome yet is missing. */
  cells: Type.Record(Type.String(), CellView),
  spam: Type.Union([Spam, Type.Null()]),
  quality: Type.Union([Quality, Type.Null()]),
});
export type RowView = Static<typeof RowView>;

/** RFC 9457. `detail` says what to do next. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
});
export type Problem = Static<typeof Problem>;

export function submissionLinks(id: string): SubmissionLinks {
  const self = `/v1/submissions/${id}`;
  return {
    self,
    rows: `${self}/rows`,
    rejected: `${self}/rejected`,
    events: `${self}/events`,
    csv: `${self}/export?format=csv`,
    ndjson: `${self}/export?format=ndjson`,
    page: `/?submission=${id}`,
  };
}

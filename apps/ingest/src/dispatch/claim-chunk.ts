import type { Lane, Plan } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Dispatch } from './dispatch-plan.js';
import { nextChunk } from './next-chunk.js';
import { PROGRESS_COLUMNS, PROGRESS_COUNTS, progressOf, type ProgressRow } from './progress.js';
import { readRange, type RangeStart } from './range-rows.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface Claimant {
  /** This process. */
  readonly owner: string;
  readonly partitions: number;
  readonly leaseMs: number;
  readonly inFlightRows: number;
}

/** What a plan is made of, beside its times. */
export interface PlannedSubmission {
  readonly lane: Lane;
  readonly asks: string[];
  readonly grace_ms: number;
  readonly patience_ms: number;
  readonly max_age_ms: string | null;
  readonly capped: boolean;
}

interface LockedSubmission extends PlannedSubmission, ProgressRow {
  readonly state: 'running' | 'cancelled';
  readonly gen: number;
  readonly cursor_turn: number;
  readonly cursor_seq: string;
  readonly retry_seq: string;
}

/** What is fixed when a range is claimed. */
export interface ClaimedRange {
  readonly chunk: number;
  readonly gen: number;
  readonly cancelled: boolean;
  readonly dispatched_ms: number;
  /** null: of a release before it was kept. */
  readonly fresh_ms: number | null;
  /** That of the list's first chunk; null: this is it. */
  readonly list_fresh_ms: number | null;
  readonly round1_ms: number;
  readonly deadline_ms: number;
}

/**
 * Takes the next rows of a submission, inside the transaction of `client`: once committed they are owed
 * until they are sent. undefined where another process holds the submission, it is paused, or nothing may go.
 */
export async function claimChunk(client: Client, id: string, by: Claimant): Promise<Dispatch | undefined> {
  const locked = await client.query<LockedSubmission>({ name: 'claim-lock', text: LOCK, values: [id] });
  const submission = locked.rows[0];
  const next = submission && nextChunk(progressOf(submission), by.inFlightRows);
  if (!next) return undefined;
  const start = startOf(id, next.of, submission);
  const { rows, end } = await readRange(client, start, next.rows);
  if (!end) return undefined;
  const { gen, after } = start;
  const written = await client.query<ClaimedRange>({
    name: `claim-${next.of}`,
    text: next.of === 'retry' ? WRITE_RETRY : WRITE_SPOOL,
    values: [
      ...[id, after.turn, after.seq, end.turn, end.seq, rows.length],
      ...[by.partitions, by.owner, by.leaseMs, gen, submission.state === 'cancelled'],
    ],
  });
  return dispatchOf(id, submission, written.rows[0]!, by.partitions, rows);
}

function startOf(submission: string, of: 'retry' | 'spool', from: LockedSubmission): RangeStart {
  if (of === 'retry') return { submission, gen: from.gen, after: { turn: 0, seq: from.retry_seq } };
  return { submission, gen: 0, after: { turn: from.cursor_turn, seq: from.cursor_seq } };
}

export function dispatchOf(
  id: string,
  submission: PlannedSubmission,
  claimed: ClaimedRange,
  partitions: number,
  rows: Dispatch['rows'],
): Dispatch {
  const plan: Plan = {
    submission: id,
    asks: Object.fromEntries(submission.asks.map((ask) => [ask, 0])),
    dispatchedAt: claimed.dispatched_ms,
    round1At: claimed.round1_ms,
    deadlineAt: claimed.deadline_ms,
    graceMs: submission.grace_ms,
    patienceMs: submission.patience_ms,
    ...(claimed.fresh_ms !== null && { freshFrom: claimed.fresh_ms }),
    ...(submission.max_age_ms !== null && { maxAgeMs: Number(submission.max_age_ms) }),
    ...(claimed.cancelled && { cancelled: true }),
    ...(submission.capped && { capped: true }),
  };
  const listFreshFrom = claimed.list_fresh_ms ?? undefined;
  const { chunk, gen } = claimed;
  return { chunk, lane: submission.lane, gen, plan, listFreshFrom, partitions, rows };
}

/** What `dispatchOf` needs of a submission `s`. */
export const PLANNED =
  's.lane, s.asks, s.grace_ms, s.patience_ms, s.max_age_ms, s.ceilings IS NOT NULL AS capped';

const LOCK = `
SELECT ${PLANNED}, ${PROGRESS_COLUMNS}, s.state, s.gen, s.cursor_turn, s.cursor_seq, s.retry_seq
FROM submission s ${PROGRESS_COUNTS}
WHERE id = $1 AND (
  (state IN ('running', 'cancelled') AND dispatched < accepted)
  OR (state = 'running' AND retry_dispatched < retry_rows))
FOR UPDATE OF s SKIP LOCKED`;

/**
 * Leases the dispatches of `owed` to $1 for $2 ms from `owed.at`; where `owed.late`, their rows get the same span from
 * then. A `RETURNING` follows.
 */
export const LEASE_OWED = `
UPDATE dispatch d SET lease_owner = $1, lease_until = owed.at + $2 * interval '1 ms',
  round1_at = CASE WHEN owed.late THEN owed.at + s.round1_ms * interval '1 ms' ELSE d.round1_at END,
  deadline_at = CASE WHEN owed.late THEN owed.at + s.deadline_ms * interval '1 ms' ELSE d.deadline_at END
FROM owed JOIN submission s ON s.id = owed.submission
WHERE d.submission = owed.submission AND d.chunk = owed.chunk`;

/** A moment as milliseconds since 1970: those of a dispatch are whole, so that what is stored is what is sent. */
const millis = (moment: string) => `(extract(epoch FROM ${moment}) * 1000)::float8`;

export const DEADLINE_MS = millis('deadline_at');

/** A dispatch of a release before `fresh_from` began its own list. */
const FIRST_FRESH_FROM = `(SELECT LEAST(d.dispatched_at, coalesce(one.fresh_from, one.dispatched_at))
    FROM dispatch one WHERE one.submission = d.submission AND one.chunk = 0)`;

const TIMES = `${millis('d.dispatched_at')} AS dispatched_ms,
  ${millis('d.fresh_from')} AS fresh_ms,
  ${millis(FIRST_FRESH_FROM)} AS list_fresh_ms,
  ${millis('d.round1_at')} AS round1_ms,
  ${millis('d.deadline_at')} AS deadline_ms`;

const CLAIMED = `d.chunk, d.gen, d.cancelled, ${TIMES}`;

/**
 * Of a dispatch that was claimed before: cancelled, too, where people have decided that since. Not a reminder: that of
 * a retry names as its own the asks that the retry left alone.
 */
export const OWED = `d.chunk, d.gen,
  d.cancelled OR (d.takes <> 1 AND coalesce(d.dispatched_at <= s.cancelled_at, false)) AS cancelled, ${TIMES}`;

/**
 * `moved`: what the claim changes in the submission. `fresh_from` is handed on from chunk to chunk of one generation;
 * never later than the chunk's own dispatch, should the clock be set back.
 */
const write = (moved: string) => `
WITH clock AS (SELECT date_trunc('milliseconds', clock_timestamp()) AS at),
moved AS (UPDATE submission SET ${moved} WHERE id = $1 RETURNING round1_ms, deadline_ms)
INSERT INTO dispatch AS d (submission, chunk, after_turn, after_seq, to_turn, to_seq, row_count, partitions,
  dispatched_at, round1_at, deadline_at, lease_owner, lease_until, gen, cancelled, fresh_from)
SELECT $1, (SELECT coalesce(max(chunk) + 1, 0) FROM dispatch WHERE submission = $1), $2, $3, $4::int, $5::bigint,
  $6::int, $7, at, at + round1_ms * interval '1 ms', at + deadline_ms * interval '1 ms', $8,
  at + $9 * interval '1 ms', $10, $11,
  LEAST(at, (SELECT fresh_from FROM dispatch WHERE submission = $1 AND gen = $10 ORDER BY chunk DESC LIMIT 1))
FROM clock, moved
RETURNING ${CLAIMED}`;
const WRITE_SPOOL = write(
  'cursor_turn = $4::int, cursor_seq = $5::bigint, dispatched = dispatched + $6::int',
);
const WRITE_RETRY = write('retry_seq = $5::bigint, retry_dispatched = retry_dispatched + $6::int');

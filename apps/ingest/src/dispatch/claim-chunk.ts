import type { Lane, Plan } from '@assay/contracts';
import type { Database } from '@assay/database';
import { chunkSize } from './chunk-size.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface DispatchRow {
  readonly seq: number;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly bucket: number;
}

/** A range of rows with everything that is fixed for it, ready to be sent any number of times. */
export interface Dispatch {
  readonly chunk: number;
  readonly lane: Lane;
  readonly plan: Plan;
  readonly partitions: number;
  readonly rows: readonly DispatchRow[];
}

export interface Claimant {
  /** This process. */
  readonly owner: string;
  readonly partitions: number;
  readonly leaseMs: number;
  readonly inFlightRows: number;
}

export interface LockedSubmission {
  readonly lane: Lane;
  readonly asks: string[];
  readonly grace_ms: number;
  readonly patience_ms: number;
  readonly max_age_ms: string | null;
  readonly capped: boolean;
  readonly cursor_turn: number;
  readonly cursor_seq: string;
  readonly accepted: string;
  readonly dispatched: string;
  readonly final: string;
}

interface LineRow {
  seq: string;
  url: string;
  host: string;
  domain: string;
  bucket: number;
  turn: number;
}

interface DispatchTimes {
  chunk: number;
  dispatched_ms: number;
  round1_ms: number;
  deadline_ms: number;
}

/**
 * Takes the next rows of a submission, inside the transaction of `client`: once committed they are owed
 * until they are sent. undefined where another process holds the submission, it is paused, or nothing may go.
 */
export async function claimChunk(client: Client, id: string, by: Claimant): Promise<Dispatch | undefined> {
  const locked = await client.query<LockedSubmission>({ name: 'claim-lock', text: LOCK, values: [id] });
  const submission = locked.rows[0];
  if (!submission) return undefined;
  const size = chunkSize(progressOf(submission), by.inFlightRows);
  if (size <= 0) return undefined;
  const after = [submission.cursor_turn, submission.cursor_seq] as const;
  const lines = await client.query<LineRow>({ name: 'claim-rows', text: ROWS, values: [id, ...after, size] });
  const last = lines.rows.at(-1);
  if (!last) return undefined;
  const rows = lines.rows.map(({ turn: _, ...row }) => ({ ...row, seq: Number(row.seq) }));
  const written = await client.query<DispatchTimes>({
    name: 'claim-write',
    text: WRITE,
    values: [id, ...after, last.turn, last.seq, rows.length, by.partitions, by.owner, by.leaseMs],
  });
  return dispatchOf(id, submission, written.rows[0]!, by.partitions, rows);
}

export function dispatchOf(
  id: string,
  submission: Omit<LockedSubmission, 'final' | 'dispatched' | 'accepted' | 'cursor_turn' | 'cursor_seq'>,
  times: DispatchTimes,
  partitions: number,
  rows: readonly DispatchRow[],
): Dispatch {
  const plan: Plan = {
    submission: id,
    asks: Object.fromEntries(submission.asks.map((ask) => [ask, 0])),
    dispatchedAt: times.dispatched_ms,
    round1At: times.round1_ms,
    deadlineAt: times.deadline_ms,
    graceMs: submission.grace_ms,
    patienceMs: submission.patience_ms,
    ...(submission.max_age_ms !== null && { maxAgeMs: Number(submission.max_age_ms) }),
    ...(submission.capped && { capped: true as const }),
  };
  return { chunk: times.chunk, lane: submission.lane, plan, partitions, rows };
}

function progressOf(submission: LockedSubmission) {
  return {
    accepted: Number(submission.accepted),
    dispatched: Number(submission.dispatched),
    final: Number(submission.final),
  };
}

const LOCK = `
SELECT lane, asks, grace_ms, patience_ms, max_age_ms, ceilings IS NOT NULL AS capped, cursor_turn, cursor_seq, accepted, dispatched,
  coalesce((SELECT sum(n) FROM submission_count c
    WHERE c.submission = s.id AND c.ask = '' AND c.outcome = 'final'), 0) AS final
FROM submission s
WHERE id = $1 AND state = 'running' AND dispatched < accepted
FOR UPDATE OF s SKIP LOCKED`;

const ROWS = `
SELECT seq, url, host, domain, bucket, turn FROM submission_line
WHERE submission = $1 AND duplicate_of IS NULL AND (turn, seq) > ($2, $3)
ORDER BY turn, seq LIMIT $4`;

/** Times as whole milliseconds since 1970, so that what is stored is what is sent. */
export const TIMES = `d.chunk,
  (extract(epoch FROM d.dispatched_at) * 1000)::float8 AS dispatched_ms,
  (extract(epoch FROM d.round1_at) * 1000)::float8 AS round1_ms,
  (extract(epoch FROM d.deadline_at) * 1000)::float8 AS deadline_ms`;

const WRITE = `
WITH clock AS (SELECT date_trunc('milliseconds', clock_timestamp()) AS at),
moved AS (
  UPDATE submission SET cursor_turn = $4, cursor_seq = $5, dispatched = dispatched + $6 WHERE id = $1
  RETURNING round1_ms, deadline_ms
)
INSERT INTO dispatch AS d (submission, chunk, after_turn, after_seq, to_turn, to_seq, row_count, partitions,
  dispatched_at, round1_at, deadline_at, lease_owner, lease_until)
SELECT $1, (SELECT coalesce(max(chunk) + 1, 0) FROM dispatch WHERE submission = $1), $2, $3, $4, $5, $6, $7,
  at, at + round1_ms * interval '1 ms', at + deadline_ms * interval '1 ms', $8, at + $9 * interval '1 ms'
FROM clock, moved
RETURNING ${TIMES}`;

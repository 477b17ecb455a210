import type { Database } from '@assay/database';
import {
  dispatchOf,
  TIMES,
  type Claimant,
  type Dispatch,
  type DispatchRow,
  type LockedSubmission,
} from './claim-chunk.js';

/** Taken up at once; the rest waits for the next round or another process. */
const AT_ONCE = 8;

type OwedRow = Omit<LockedSubmission, 'final' | 'dispatched' | 'accepted' | 'cursor_turn' | 'cursor_seq'> & {
  submission: string;
  chunk: number;
  partitions: number;
  after_turn: number;
  after_seq: string;
  to_turn: number;
  to_seq: string;
  dispatched_ms: number;
  round1_ms: number;
  deadline_ms: number;
};

/**
 * Takes up dispatches whose lease ran out before they were sent. They go out as they were written. Only
 * where round one has closed meanwhile do they get new deadlines, the same span from now: with the old
 * ones their rows could be too late to ever become final.
 */
export async function takeOwed(database: Database, by: Claimant): Promise<Dispatch[]> {
  const taken = await database.query<OwedRow>({
    name: 'owed-take',
    text: TAKE,
    values: [by.owner, by.leaseMs, AT_ONCE],
  });
  return Promise.all(taken.rows.map((owed) => load(database, owed)));
}

async function load(database: Database, owed: OwedRow): Promise<Dispatch> {
  const lines = await database.query<Omit<DispatchRow, 'seq'> & { seq: string }>({
    name: 'owed-rows',
    text: ROWS,
    values: [owed.submission, owed.after_turn, owed.after_seq, owed.to_turn, owed.to_seq],
  });
  const rows = lines.rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  return dispatchOf(owed.submission, owed, owed, owed.partitions, rows);
}

export async function markSent(database: Database, dispatch: Dispatch): Promise<void> {
  await database.query({
    name: 'dispatch-sent',
    text: 'UPDATE dispatch SET sent_at = clock_timestamp() WHERE submission = $1 AND chunk = $2 AND sent_at IS NULL',
    values: [dispatch.plan.submission, dispatch.chunk],
  });
}

/** Keeps others from taking up what this process is still sending. */
export async function renewLeases(
  database: Database,
  by: Claimant,
  sending: readonly Dispatch[],
): Promise<void> {
  await database.query({
    name: 'dispatch-renew',
    text: RENEW,
    values: [
      by.owner,
      by.leaseMs,
      sending.map(({ plan }) => plan.submission),
      sending.map(({ chunk }) => chunk),
    ],
  });
}

const TAKE = `
WITH owed AS (
  SELECT d.submission, d.chunk, clock.at, d.round1_at < clock.at AS late
  FROM dispatch d, (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) clock
  WHERE d.sent_at IS NULL AND d.lease_until < clock.at
  ORDER BY d.lease_until LIMIT $3 FOR UPDATE OF d SKIP LOCKED
)
UPDATE dispatch d SET lease_owner = $1, lease_until = owed.at + $2 * interval '1 ms',
  round1_at = CASE WHEN owed.late THEN owed.at + s.round1_ms * interval '1 ms' ELSE d.round1_at END,
  deadline_at = CASE WHEN owed.late THEN owed.at + s.deadline_ms * interval '1 ms' ELSE d.deadline_at END
FROM owed JOIN submission s ON s.id = owed.submission
WHERE d.submission = owed.submission AND d.chunk = owed.chunk
RETURNING d.submission, ${TIMES}, d.partitions, d.after_turn, d.after_seq, d.to_turn, d.to_seq,
  s.lane, s.asks, s.grace_ms, s.patience_ms, s.max_age_ms,
  s.ceilings IS NOT NULL AS capped`;

const ROWS = `
SELECT seq, url, host, domain, bucket FROM submission_line
WHERE submission = $1 AND duplicate_of IS NULL AND (turn, seq) > ($2, $3) AND (turn, seq) <= ($4, $5)
ORDER BY turn, seq`;

const RENEW = `
UPDATE dispatch d SET lease_until = clock_timestamp() + $2 * interval '1 ms'
FROM unnest($3::uuid[], $4::int[]) AS sending (submission, chunk)
WHERE d.submission = sending.submission AND d.chunk = sending.chunk AND lease_owner = $1 AND sent_at IS NULL`;

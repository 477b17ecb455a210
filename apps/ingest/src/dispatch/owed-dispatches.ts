import type { Database } from '@assay/database';
import {
  DEADLINE_MS,
  dispatchOf,
  LEASE_OWED,
  OWED,
  PLANNED,
  type Claimant,
  type ClaimedRange,
  type PlannedSubmission,
} from './claim-chunk.js';
import type { Dispatch } from './dispatch-plan.js';
import { readRange } from './range-rows.js';

/** Taken up at once; the rest waits for the next round or another process. */
const AT_ONCE = 8;

type OwedRow = PlannedSubmission &
  ClaimedRange & {
    submission: string;
    partitions: number;
    after_turn: number;
    after_seq: string;
    row_count: number;
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
  const { submission, gen, row_count: count } = owed;
  const after = { turn: owed.after_turn, seq: owed.after_seq };
  const { rows } = await readRange(database, { submission, gen, after }, count);
  return dispatchOf(submission, owed, owed, owed.partitions, rows);
}

/**
 * After the acknowledgement. Only where what went out is what is written: a process that was away while another took
 * the dispatch up has sent deadlines that count no more, and its rows may be too late to begin. It stays owed then.
 */
export async function markSent(database: Database, { plan, chunk }: Dispatch): Promise<void> {
  await database.query({
    name: 'dispatch-sent',
    text: SENT,
    values: [plan.submission, chunk, plan.deadlineAt],
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
${LEASE_OWED}
RETURNING d.submission, ${OWED}, d.partitions, d.after_turn, d.after_seq, d.row_count, ${PLANNED}`;

const SENT = `
UPDATE dispatch SET sent_at = clock_timestamp()
WHERE submission = $1 AND chunk = $2 AND sent_at IS NULL AND ${DEADLINE_MS} = $3`;

const RENEW = `
UPDATE dispatch d SET lease_until = clock_timestamp() + $2 * interval '1 ms'
FROM unnest($3::uuid[], $4::int[]) AS sending (submission, chunk)
WHERE d.submission = sending.submission AND d.chunk = sending.chunk AND lease_owner = $1 AND sent_at IS NULL`;

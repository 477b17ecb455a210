import type { Database } from '@assay/database';
import {
  DEADLINE_MS,
  dispatchOf,
  LEASE_OWED,
  OWED,
  PLANNED,
  type ClaimedRange,
  type PlannedSubmission,
} from '../dispatch/claim-chunk.js';
import type { Dispatch, DispatchRow } from '../dispatch/dispatch-plan.js';
import type { Taker } from './write-take.js';

/** Rows of a dispatch that go out once more. */
export interface Take {
  readonly takes: number;
  readonly dispatch: Dispatch;
}

/** Taken up at once; the rest waits for the next round or another process. */
const AT_ONCE = 4;

type OwedRow = PlannedSubmission &
  ClaimedRange & { readonly submission: string; readonly partitions: number; readonly takes: number };

/**
 * Takes that are written and not sent: those of this process, and those whose writer's lease ran out. They go out as
 * they were written; only where round one of theirs has closed meanwhile do they get the same span from now. Where the
 * submission was cancelled since the dispatch, they go out as cancelled: nobody asks anything.
 */
export async function owedTakes(database: Database, by: Taker): Promise<Take[]> {
  const owed = await database.query<OwedRow>({
    name: 'owed-takes',
    text: TAKE,
    values: [by.owner, by.leaseMs, AT_ONCE],
  });
  return Promise.all(owed.rows.map((one) => load(database, one)));
}

async function load(database: Database, owed: OwedRow): Promise<Take> {
  const { submission, chunk, gen, takes, partitions } = owed;
  const found = await database.query<Omit<DispatchRow, 'seq'> & { seq: string }>({
    name: gen === 0 ? 'taken-spool' : 'taken-retry',
    text: gen === 0 ? SPOOL : RETRY,
    values: [submission, chunk, takes, ...(gen === 0 ? [] : [gen])],
  });
  const rows = found.rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  return { takes, dispatch: dispatchOf(submission, owed, owed, partitions, rows) };
}

/**
 * After the acknowledgement. Only where what went out is what is written: whoever was away while another sent the
 * take, and a later one was written, has not sent that one, nor deadlines that it was given since.
 */
export async function markTakeSent(database: Database, { takes, dispatch }: Take): Promise<void> {
  const { plan, chunk } = dispatch;
  await database.query({
    name: 'take-sent',
    text: SENT,
    values: [plan.submission, chunk, takes, plan.deadlineAt],
  });
}

const TAKE = `
WITH owed AS (
  SELECT d.submission, d.chunk, clock.at, d.takes > 1 AND d.round1_at < clock.at AS late
  FROM dispatch d, (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) clock
  WHERE d.takes > 0 AND d.take_sent_at IS NULL AND (d.lease_owner = $1 OR d.lease_until < clock.at)
  ORDER BY d.lease_until LIMIT $3 FOR UPDATE OF d SKIP LOCKED
)
${LEASE_OWED}
RETURNING d.submission, d.takes, ${OWED}, d.partitions, ${PLANNED}`;

const LINE = (joined: string) => `
CROSS JOIN LATERAL (
  SELECT url, host, domain, bucket FROM submission_line WHERE submission = $1 AND seq = r.seq LIMIT 1
) AS l ${joined}
WHERE r.submission = $1 AND r.chunk = $2 AND r.takes = $3
ORDER BY r.seq`;

const SPOOL = `SELECT r.seq, l.url, l.host, l.domain, l.bucket FROM reconciled_row r ${LINE('')}`;

const RETRY = `
SELECT r.seq, l.url, l.host, l.domain, l.bucket, t.asks, t.matched FROM reconciled_row r ${LINE(`
JOIN retry_row t ON t.submission = $1 AND t.gen = $4 AND t.seq = r.seq`)}`;

/** A millisecond up, so that no moment of the same one counts as later. */
const SENT = `
UPDATE dispatch SET take_sent_at = date_trunc('milliseconds', clock_timestamp()) + interval '1 ms'
WHERE submission = $1 AND chunk = $2 AND takes = $3 AND take_sent_at IS NULL AND ${DEADLINE_MS} = $4`;

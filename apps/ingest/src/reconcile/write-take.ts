import type { Database } from '@assay/database';
import type { DueDispatch } from './due-dispatches.js';

type Queries = Pick<Database, 'query'>;
type Place = Pick<DueDispatch, 'submission' | 'chunk'>;

export interface Taker {
  /** This process. */
  readonly owner: string;
  /** How long a take that is not sent is left to who wrote it, in milliseconds. */
  readonly leaseMs: number;
}

/**
 * Writes that these rows of a dispatch are taken up again, inside the transaction of `client`: once committed they
 * are owed until they are marked as sent. From the second take on the dispatch has new deadlines, the same span from now.
 */
export async function writeTake(
  client: Queries,
  due: DueDispatch,
  missing: readonly number[],
  by: Taker,
): Promise<void> {
  const { submission, chunk, gen } = due;
  await client.query({
    name: 'take-write',
    text: WRITE,
    values: [submission, chunk, by.owner, by.leaseMs],
  });
  await client.query({
    name: 'take-rows',
    text: ROWS,
    values: [submission, chunk, gen, due.takes + 1, missing],
  });
}

/** All its rows are final. */
export async function settle(client: Queries, { submission, chunk }: Place): Promise<void> {
  await client.query({ name: 'take-settle', text: SETTLE, values: [submission, chunk] });
}

/** Nothing more is tried for these rows: they are listed, and their dead letters are owed. */
export async function listStuck(client: Queries, place: Place, missing: readonly number[]): Promise<void> {
  const { submission, chunk } = place;
  await client.query({ name: 'take-stuck', text: STUCK, values: [submission, chunk, missing] });
  await settle(client, place);
}

const WRITE = `
UPDATE dispatch d SET takes = d.takes + 1, take_sent_at = NULL, lease_owner = $3,
  lease_until = clock.at + $4 * interval '1 ms',
  round1_at = CASE d.takes WHEN 0 THEN d.round1_at ELSE clock.at + s.round1_ms * interval '1 ms' END,
  deadline_at = CASE d.takes WHEN 0 THEN d.deadline_at ELSE clock.at + s.deadline_ms * interval '1 ms' END
FROM submission s, (SELECT date_trunc('milliseconds', clock_timestamp()) AS at) clock
WHERE d.submission = $1 AND d.chunk = $2 AND s.id = d.submission`;

const ROWS = `
INSERT INTO reconciled_row AS r (submission, chunk, seq, gen, takes, taken_at)
SELECT $1, $2, seq, $3, $4, clock_timestamp() FROM unnest($5::bigint[]) AS missing(seq)
ON CONFLICT (submission, chunk, seq) DO UPDATE SET takes = excluded.takes`;

const SETTLE = `
UPDATE dispatch SET settled_at = clock_timestamp() WHERE submission = $1 AND chunk = $2`;

const STUCK = `
UPDATE reconciled_row SET stuck_at = clock_timestamp() WHERE submission = $1 AND chunk = $2 AND seq = ANY($3::bigint[])`;

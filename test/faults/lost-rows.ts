import type pg from 'pg';

/** What the store counted for these rows is taken back, so that counts equal the rows that are left. */
const UNCOUNT = `
UPDATE submission_count c SET n = c.n - gone.n
FROM (
  SELECT p.partition, k.ask, k.outcome, k.detail, count(*) AS n
  FROM url_row u JOIN pending_row p USING (submission, seq)
  CROSS JOIN LATERAL (
    SELECT '' AS ask, u.state AS outcome, '' AS detail
    UNION ALL SELECT key, value ->> 'outcome', coalesce(value ->> 'detail', '') FROM json_each(u.cells)
  ) AS k
  WHERE u.submission = $1 AND u.seq = ANY($2::bigint[])
  GROUP BY 1, 2, 3, 4
) AS gone
WHERE c.submission = $1 AND c.partition = gone.partition AND c.ask = gone.ask AND c.outcome = gone.outcome
  AND c.detail = gone.detail`;

const REOPEN = `UPDATE submission SET state = 'running', completed_at = NULL WHERE id = $1`;

/** Its dispatches were settled when all of this was there, or their time had not come. */
const OVERDUE = `
UPDATE dispatch SET settled_at = NULL, takes = 0, round1_at = dispatched_at, deadline_at = dispatched_at
WHERE submission = $1`;

export interface Loss {
  readonly submission: string;
  readonly seqs: readonly number[];
  /** The joiner has forgotten them as well. */
  readonly pendingToo: boolean;
}

/** As if what led to these rows had been lost on the way, the store's part or all of it, and their time were over. */
export async function loseRows(database: pg.Pool, { submission, seqs, pendingToo }: Loss): Promise<void> {
  const client = await database.connect();
  const values = [submission, seqs];
  try {
    await client.query('BEGIN');
    await client.query(UNCOUNT, values);
    await client.query('DELETE FROM url_row WHERE submission = $1 AND seq = ANY($2::bigint[])', values);
    if (pendingToo)
      await client.query('DELETE FROM pending_row WHERE submission = $1 AND seq = ANY($2::bigint[])', values);
    await client.query(OVERDUE, [submission]);
    await client.query(REOPEN, [submission]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

import type { Database } from '@assay/database';

/** Shorter lists are read fast in any order. */
const LONG_ROWS = 20_000;
const PATIENCE_MS = 15_000;

/**
 * A long list that has just come is not in PostgreSQL's statistics: it would take it for a few rows, and look each unit
 * up by itself, which takes three times as long. A sample of its partition mends that within a second; where it cannot
 * be had, the plan is only slower.
 */
export async function describeSpool(database: Database, submission: string): Promise<void> {
  const found = await database.query<{ partition: string }>({
    text: PARTITION,
    values: [submission, LONG_ROWS],
  });
  const partition = found.rows[0]?.partition;
  if (partition === undefined) return;
  await database
    .transaction(async (client) => {
      await client.query({ text: `SET LOCAL statement_timeout = ${PATIENCE_MS}` });
      await client.query({ text: `ANALYZE ${partition}` });
    })
    .catch(() => undefined);
}

/** A name as PostgreSQL quotes it. */
const PARTITION = `
SELECT l.tableoid::regclass::text AS partition
FROM submission s JOIN LATERAL (SELECT tableoid FROM submission_line WHERE submission = s.id LIMIT 1) l ON true
WHERE s.id = $1 AND s.accepted > $2`;

import type { Database } from '@assay/database';

/** Removes all of an upload that is not to be kept. Nothing of it was dispatched: it was still received. */
export async function discardSpool(database: Database, id: string): Promise<void> {
  await database.transaction(async (client) => {
    const held = await client.query({ text: HOLD, values: [id] });
    if (held.rowCount === 0) return;
    for (const table of ['submission_line', 'rejected_line']) {
      await client.query({ text: `DELETE FROM ${table} WHERE submission = $1`, values: [id] });
    }
    await client.query({ text: 'DELETE FROM submission WHERE id = $1', values: [id] });
  });
}

const HOLD = `SELECT 1 FROM submission WHERE id = $1 AND state = 'receiving' FOR UPDATE SKIP LOCKED`;

/**
 * Uploads that a killed process left behind: a live one touches its row at least once a minute.
 * Returns how many were removed.
 */
export async function discardLeftovers(database: Database): Promise<number> {
  const stale = await database.query<{ id: string }>({
    name: 'spool-leftovers',
    text: `SELECT id FROM submission WHERE state = 'receiving' AND touched_at < now() - interval '5 minutes'`,
  });
  for (const { id } of stale.rows) await discardSpool(database, id);
  return stale.rows.length;
}

import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import { compareRows, rowKey, type RowId } from './row-key.js';
import type { RowState } from './row-state.js';
import type { StoredRow } from './sweep-time.js';

/** A row to write: it must be at `revision` − 1 in the table, or missing for 1. */
export interface RowWrite extends RowId, StoredRow {
  readonly partition: number;
  readonly doneAt: number | null;
}

/** Looked up one by one through the key's index: a planner that guesses wrong would read the whole table. */
const READ = `
SELECT i.submission, i.seq::float8 AS seq, p.revision, p.state,
  extract(epoch FROM p.sweep_at)::float8 * 1000 AS sweep_ms
FROM unnest($1::uuid[], $2::bigint[]) AS i(submission, seq)
CROSS JOIN LATERAL (
  SELECT revision, state, sweep_at FROM pending_row
  WHERE submission = i.submission AND seq = i.seq LIMIT 1
) AS p`;

const WRITE = `
INSERT INTO pending_row AS p (submission, seq, lane, partition, revision, state, sweep_at, done_at)
SELECT submission, seq, $2, partition, revision, state, to_timestamp(sweep / 1000.0), to_timestamp(done / 1000.0)
FROM json_to_recordset($1::json) AS r(
  submission uuid, seq bigint, partition smallint, revision int, state json, sweep float8, done float8)
ON CONFLICT (submission, seq) DO UPDATE SET
  revision = excluded.revision, state = excluded.state, sweep_at = excluded.sweep_at, done_at = excluded.done_at
WHERE p.revision = excluded.revision - 1
RETURNING p.submission, p.seq::float8 AS seq`;

interface ReadRow extends RowId {
  revision: number;
  state: RowState;
  sweep_ms: number | null;
}

/** Rows of `pending_row`, by `rowKey`; those that are not there are missing from the map. */
export async function readRows(database: Database, ids: readonly RowId[]): Promise<Map<string, StoredRow>> {
  const found = new Map<string, StoredRow>();
  if (ids.length === 0) return found;
  const values = [ids.map(({ submission }) => submission), ids.map(({ seq }) => seq)];
  const { rows } = await database.query<ReadRow>({ name: 'read-pending-rows', text: READ, values });
  for (const { submission, seq, revision, state, sweep_ms } of rows) {
    const sweepAt = sweep_ms === null ? null : Math.round(sweep_ms);
    found.set(rowKey({ submission, seq }), { revision, state, sweepAt });
  }
  return found;
}

/** Writes what is still at the revision it was folded from; returns the keys of what was written. */
export async function writeRows(
  database: Database,
  lane: Lane,
  writes: readonly RowWrite[],
): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const records = writes.toSorted(compareRows).map((write) => ({
    submission: write.submission,
    seq: write.seq,
    partition: write.partition,
    revision: write.revision,
    state: write.state,
    sweep: write.sweepAt,
    done: write.doneAt,
  }));
  const values = [JSON.stringify(records), lane];
  const { rows } = await database.query<RowId & object>({ name: 'write-pending-rows', text: WRITE, values });
  return new Set(rows.map(rowKey));
}

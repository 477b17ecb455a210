import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { RowId } from './row-key.js';

const DUE_PARTITIONS = `
SELECT p.partition, extract(epoch FROM now())::float8 * 1000 AS now
FROM unnest($2::smallint[]) AS p(partition)
WHERE EXISTS (
  SELECT FROM pending_row r
  WHERE r.lane = $1 AND r.partition = p.partition AND r.sweep_at IS NOT NULL AND r.sweep_at <= now())`;

const DUE_ROWS = `
SELECT d.submission, d.seq::float8 AS seq, p.partition
FROM unnest($2::smallint[], $3::float8[]) AS p(partition, at)
CROSS JOIN LATERAL (
  SELECT submission, seq FROM pending_row r
  WHERE r.lane = $1 AND r.partition = p.partition AND r.sweep_at IS NOT NULL
    AND r.sweep_at <= to_timestamp(p.at / 1000.0)
  ORDER BY r.sweep_at LIMIT $4
) AS d
LIMIT $4`;

/** Those of the partitions that hold a row whose time has come, and the database's clock. */
export async function duePartitions(
  database: Database,
  lane: Lane,
  partitions: readonly number[],
): Promise<{ partitions: number[]; now: number }> {
  const { rows } = await database.query<{ partition: number; now: number }>({
    name: 'due-partitions',
    text: DUE_PARTITIONS,
    values: [lane, partitions],
  });
  return { partitions: rows.map(({ partition }) => partition), now: Math.floor(rows[0]?.now ?? 0) };
}

/** At most `limit` rows whose time had come at the time given for their partition. */
export async function dueRows(
  database: Database,
  lane: Lane,
  passed: readonly { partition: number; at: number }[],
  limit: number,
): Promise<(RowId & { partition: number })[]> {
  const { rows } = await database.query<RowId & { partition: number }>({
    name: 'due-rows',
    text: DUE_ROWS,
    values: [lane, passed.map(({ partition }) => partition), passed.map(({ at }) => at), limit],
  });
  return rows;
}

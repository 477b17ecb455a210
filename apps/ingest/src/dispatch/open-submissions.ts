import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Progress } from './next-chunk.js';
import { PROGRESS_COLUMNS, PROGRESS_COUNTS, progressOf, type ProgressRow } from './progress.js';

interface Named {
  readonly id: string;
  readonly lane: Lane;
  readonly weight: number;
  readonly state: 'running' | 'paused' | 'cancelled';
  /** Retries so far. */
  readonly gen: number;
}

export interface OpenSubmission extends Named, Progress {}

/** Submissions that are not complete, and cancelled ones with rows that are not final; oldest first. */
export async function readOpen(database: Database): Promise<OpenSubmission[]> {
  const open = await database.query<Named & ProgressRow>({ name: 'open-submissions', text: OPEN });
  return open.rows.map((row) => {
    const { id, lane, weight, state, gen } = row;
    return { id, lane, weight, state, gen, ...progressOf(row) };
  });
}

/**
 * Ends submissions of which each row has a final version; a cancelled one stays cancelled. One that was
 * retried since it was read, or that a retry holds locked, is left alone.
 */
export async function completeAll(database: Database, done: readonly OpenSubmission[]): Promise<void> {
  await database.query({
    name: 'complete-submissions',
    text: COMPLETE,
    values: [done.map(({ id }) => id), done.map(({ gen }) => gen)],
  });
}

const OPEN = `
SELECT s.id, s.lane, s.weight, s.state, s.gen, ${PROGRESS_COLUMNS}
FROM (
  SELECT * FROM submission WHERE state IN ('running', 'paused')
  UNION ALL SELECT * FROM submission WHERE state = 'cancelled' AND completed_at IS NULL
) AS s ${PROGRESS_COUNTS}
ORDER BY s.id`;

const COMPLETE = `
WITH done AS (
  SELECT s.id FROM submission s JOIN unnest($1::uuid[], $2::int[]) AS d(id, gen) USING (id, gen)
  WHERE s.state IN ('running', 'paused', 'cancelled') AND s.completed_at IS NULL AND s.dispatched = s.accepted
  ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
)
UPDATE submission s SET state = CASE s.state WHEN 'cancelled' THEN 'cancelled' ELSE 'complete' END, completed_at = now()
FROM done WHERE s.id = done.id`;

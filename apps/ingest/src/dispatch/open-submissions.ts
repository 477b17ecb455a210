import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Progress } from './chunk-size.js';

export interface OpenSubmission extends Progress {
  readonly id: string;
  readonly lane: Lane;
  readonly weight: number;
  readonly state: 'running' | 'paused';
}

interface OpenRow {
  id: string;
  lane: Lane;
  weight: number;
  state: 'running' | 'paused';
  accepted: string;
  dispatched: string;
  final: string;
}

/** Submissions that are not complete, oldest first, with how far each is. */
export async function readOpen(database: Database): Promise<OpenSubmission[]> {
  const open = await database.query<OpenRow>({ name: 'open-submissions', text: OPEN });
  return open.rows.map((row) => ({
    ...row,
    accepted: Number(row.accepted),
    dispatched: Number(row.dispatched),
    final: Number(row.final),
  }));
}

/** A submission is complete when each accepted row has a final version. */
export async function completeAll(database: Database, ids: readonly string[]): Promise<void> {
  await database.query({ name: 'complete-submissions', text: COMPLETE, values: [ids] });
}

const OPEN = `
SELECT s.id, s.lane, s.weight, s.state, s.accepted, s.dispatched, coalesce(counted.n, 0) AS final
FROM submission s
LEFT JOIN LATERAL (
  SELECT sum(n) AS n FROM submission_count c
  WHERE c.submission = s.id AND c.ask = '' AND c.outcome = 'final'
) counted ON true
WHERE s.state IN ('running', 'paused')
ORDER BY s.id`;

const COMPLETE = `
UPDATE submission SET state = 'complete', completed_at = now()
WHERE id = ANY($1) AND state IN ('running', 'paused') AND dispatched = accepted`;

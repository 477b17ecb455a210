import type { Progress } from './next-chunk.js';

/** How far a submission `s` is, from its own row and what the store counted. */
export const PROGRESS_COLUMNS = `s.accepted, s.dispatched, s.retry_rows, s.retry_dispatched,
  coalesce(counted.final, 0) AS final, coalesce(counted.arrived, 0) AS arrived`;
export const PROGRESS_COUNTS = `LEFT JOIN LATERAL (
  SELECT sum(n) FILTER (WHERE outcome = 'final') AS final,
    sum(n) FILTER (WHERE detail = s.gen::text) AS arrived
  FROM submission_count c WHERE c.submission = s.id AND c.ask = ''
) counted ON true`;

/** The driver hands bigint over as text. */
export interface ProgressRow {
  readonly accepted: string;
  readonly dispatched: string;
  readonly retry_rows: string;
  readonly retry_dispatched: string;
  readonly final: string;
  readonly arrived: string;
}

export function progressOf(row: ProgressRow): Progress {
  return {
    accepted: Number(row.accepted),
    dispatched: Number(row.dispatched),
    final: Number(row.final),
    retry: {
      rows: Number(row.retry_rows),
      dispatched: Number(row.retry_dispatched),
      arrived: Number(row.arrived),
    },
  };
}

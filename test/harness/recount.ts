import type { SubmissionView } from '@assay/contracts';
import type pg from 'pg';

export interface Recount {
  readonly lines: { accepted: number; duplicate: number; rejected: number };
  readonly rows: { total: number; final: number };
  readonly cells: Record<'ok' | 'absent' | 'failed' | 'skipped', number>;
}

/** The counts, made anew from lines and rows: nothing that counts along is looked at. */
export async function recount(database: pg.Pool, submission: string): Promise<Recount> {
  const [lines, rejected, rows, cells] = await Promise.all([
    database.query<{ accepted: string; duplicate: string }>(
      `SELECT count(*) FILTER (WHERE duplicate_of IS NULL) AS accepted,
              count(*) FILTER (WHERE duplicate_of IS NOT NULL) AS duplicate
         FROM submission_line WHERE submission = $1`,
      [submission],
    ),
    database.query<{ n: string }>('SELECT count(*) AS n FROM rejected_line WHERE submission = $1', [
      submission,
    ]),
    database.query<{ total: string; final: string }>(
      `SELECT count(*) AS total, count(*) FILTER (WHERE state = 'final') AS final
         FROM url_row WHERE submission = $1`,
      [submission],
    ),
    database.query<{ outcome: 'ok'; n: string }>(
      `SELECT cell.value ->> 'outcome' AS outcome, count(*) AS n
         FROM url_row, json_each(cells) AS cell WHERE submission = $1 GROUP BY 1`,
      [submission],
    ),
  ]);
  const outcomes = { ok: 0, absent: 0, failed: 0, skipped: 0 };
  for (const { outcome, n } of cells.rows) outcomes[outcome] = Number(n);
  return {
    lines: {
      accepted: Number(lines.rows[0]?.accepted),
      duplicate: Number(lines.rows[0]?.duplicate),
      rejected: Number(rejected.rows[0]?.n),
    },
    rows: { total: Number(rows.rows[0]?.total), final: Number(rows.rows[0]?.final) },
    cells: outcomes,
  };
}

/** The same figures as the API gives them. */
export function countsOf(view: SubmissionView): Recount {
  const { accepted, duplicate, rejected } = view.counts;
  const { ok, absent, failed, skipped } = view.cells;
  return {
    lines: { accepted, duplicate, rejected },
    rows: { total: view.rows.total, final: view.rows.final },
    cells: { ok, absent, failed, skipped },
  };
}

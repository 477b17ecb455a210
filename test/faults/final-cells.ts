import type { SubmissionView } from '@assay/contracts';
import type pg from 'pg';

/** Milliseconds by which the latest row became final after its deadline; negative: before it. */
export async function latestAfterDeadline(database: pg.Pool, submission: string): Promise<number> {
  const { rows } = await database.query<{ ms: string }>(
    `SELECT extract(epoch FROM max(r.final_at) - min(d.deadline_at)) * 1000 AS ms
       FROM url_row r JOIN dispatch d USING (submission) WHERE submission = $1`,
    [submission],
  );
  return Math.round(Number(rows[0]!.ms));
}

/** `failed(timeout)` and the like of an ask, with ok and absent beside them: what its cells say. */
export function wordsOf(view: SubmissionView, ask: string): Record<string, number> {
  const { ok, absent, reasons } = view.asks.find((one) => one.ask === ask)!;
  return { ...(ok > 0 && { ok }), ...(absent > 0 && { absent }), ...reasons };
}

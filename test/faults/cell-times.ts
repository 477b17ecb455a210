import type { RowView, SubmissionView } from '@assay/contracts';
import type pg from 'pg';

export interface Pace {
  /** Time from dispatch to the provider's answer that 95 of 100 cells stay under. */
  readonly p95Ms: number;
  readonly cellsPerSecond: number;
}

/** How fast the cells of an ask came, by the time each says it was answered at. */
export function paceOf(ask: string, rows: readonly RowView[], dispatchedAt: Date): Pace {
  const times = rows
    .map((row) => row.cells[ask]!)
    .filter(({ outcome }) => outcome === 'ok' || outcome === 'absent')
    .map(({ at }) => at - dispatchedAt.getTime())
    .sort((a, b) => a - b);
  const p95Ms = times[Math.ceil(times.length * 0.95) - 1] ?? Infinity;
  return { p95Ms, cellsPerSecond: (times.length / (times.at(-1) ?? Infinity)) * 1_000 };
}

/** Of a list that went out in one dispatch. */
export async function dispatchedAt(database: pg.Pool, submission: string): Promise<Date> {
  const { rows } = await database.query<{ dispatched_at: Date }>(
    'SELECT dispatched_at FROM dispatch WHERE submission = $1',
    [submission],
  );
  if (rows.length !== 1) throw new Error(`${rows.length} dispatches of ${submission}, not one`);
  return rows[0]!.dispatched_at;
}

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

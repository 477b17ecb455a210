import type pg from 'pg';

/** Answers a second of each ask: from the dispatch to its last answer, as the fetchers stamped them. */
export async function paceOfAsks(database: pg.Pool, submission: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ ask: string; n: number; ms: number }>(
    `SELECT cell.key AS ask, count(*)::int AS n,
       max((cell.value ->> 'at')::float8) - (SELECT extract(epoch FROM min(dispatched_at))::float8 * 1000
         FROM dispatch WHERE submission = $1) AS ms
     FROM url_row, json_each(cells) AS cell
     WHERE submission = $1 AND cell.value ->> 'outcome' IN ('ok', 'absent') GROUP BY cell.key`,
    [submission],
  );
  return Object.fromEntries(rows.map(({ ask, n, ms }) => [ask, (n / ms) * 1_000]));
}

/** Middle value; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

import type pg from 'pg';

/** Rows whose version did not rise, or that were final and are not, as the database itself saw it. */
const INSTALL = `
CREATE TABLE row_fault (submission uuid, seq bigint, was text, became text);
CREATE FUNCTION note_row_fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO row_fault VALUES (old.submission, old.seq, old.version || ' ' || old.state, new.version || ' ' || new.state);
  RETURN NULL;
END $$;
CREATE TRIGGER row_faults AFTER UPDATE ON url_row FOR EACH ROW
  WHEN (new.version <= old.version OR (old.state = 'final' AND new.state <> 'final'))
  EXECUTE FUNCTION note_row_fault();
CREATE FUNCTION tell_dispatch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('dispatched', new.submission::text); RETURN NULL; END $$;
CREATE TRIGGER dispatches AFTER INSERT ON dispatch FOR EACH ROW EXECUTE FUNCTION tell_dispatch();`;

/** Watches every update of `url_row`, and tells on channel `dispatched` when a dispatch is committed. */
export async function installWatch(database: pg.Pool): Promise<void> {
  await database.query(INSTALL);
}

export async function rowFaults(database: pg.Pool, submission: string): Promise<unknown[]> {
  return (await database.query('SELECT * FROM row_fault WHERE submission = $1', [submission])).rows;
}

export interface Progress {
  readonly accepted: number;
  readonly dispatched: number;
  readonly final: number;
  /** Dispatches that are committed and not marked as sent. */
  readonly owed: number;
}

export async function progressOf(database: pg.Pool, submission: string): Promise<Progress> {
  const { rows } = await database.query<Record<keyof Progress, string>>(
    `SELECT accepted, dispatched,
       (SELECT coalesce(sum(n), 0) FROM submission_count WHERE submission = $1 AND ask = '' AND outcome = 'final') AS final,
       (SELECT count(*) FROM dispatch WHERE submission = $1 AND sent_at IS NULL) AS owed
     FROM submission WHERE id = $1`,
    [submission],
  );
  const { accepted, dispatched, final, owed } = rows[0]!;
  return {
    accepted: Number(accepted),
    dispatched: Number(dispatched),
    final: Number(final),
    owed: Number(owed),
  };
}

/** Longest time from `since` on in which no row became final, up to the last one that did. Milliseconds. */
export async function longestStandstill(database: pg.Pool, submission: string, since: Date): Promise<number> {
  const { rows } = await database.query<{ ms: string | null }>(
    `SELECT max(extract(epoch FROM final_at - before) * 1000) AS ms
       FROM (SELECT final_at, lag(final_at, 1, $2::timestamptz) OVER (ORDER BY final_at) AS before
               FROM url_row WHERE submission = $1 AND final_at >= $2) AS steps`,
    [submission, since],
  );
  return Math.round(Number(rows[0]?.ms ?? 0));
}

/** Counts by ask, outcome and detail: those that were counted along, and those of the rows as they stand. */
export async function countsTwice(
  database: pg.Pool,
  submission: string,
): Promise<{ counted: unknown; recounted: unknown }> {
  const counted = await database.query(
    `SELECT ask, outcome, detail, sum(n)::int AS n FROM submission_count WHERE submission = $1 AND ask <> ''
     GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3`,
    [submission],
  );
  const recounted = await database.query(
    `SELECT cell.key AS ask, cell.value ->> 'outcome' AS outcome, coalesce(cell.value ->> 'detail', '') AS detail,
       count(*)::int AS n
     FROM url_row, json_each(cells) AS cell WHERE submission = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [submission],
  );
  return { counted: counted.rows, recounted: recounted.rows };
}

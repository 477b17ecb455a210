import type { DatabaseClient } from './database-client.js';
import type { CountKey } from './count-changes.js';
import { compareRows, rowKey, type RowId } from './row-key.js';
import type { CurrentRow, UrlRow } from './write-row.js';

/** A row of which nothing is joined yet. `url` is missing where only `row.joined` named the row so far. */
export interface WaitingRow extends RowId {
  readonly partition: number;
  readonly url?: string;
  readonly host?: string;
  readonly domain?: string;
}

const INSERT_WAITING = `
WITH given AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS r(
    submission uuid, seq bigint, partition smallint, url text, host text, domain text)),
written AS (
  INSERT INTO url_row (submission, seq, version, state, url, host, domain, cells, numbers)
  SELECT submission, seq, 0, 'waiting', url, host, domain, '{}', '{}' FROM given
  ON CONFLICT (submission, seq) DO NOTHING
  RETURNING submission, seq)
INSERT INTO submission_count AS c (submission, partition, ask, outcome, detail, n)
SELECT submission, partition, '', 'waiting', '', count(*) FROM written JOIN given USING (submission, seq)
GROUP BY submission, partition ORDER BY submission, partition
ON CONFLICT (submission, partition, ask, outcome, detail) DO UPDATE SET n = c.n + excluded.n`;

/** One by one through the key's index and in the order given: rows are locked in the same order everywhere. */
const LOCK = `
SELECT i.submission, i.seq::float8 AS seq, u.*
FROM unnest($1::uuid[], $2::bigint[]) AS i(submission, seq)
CROSS JOIN LATERAL (
  SELECT version, gen, state, url, host, domain, cells, numbers FROM url_row
  WHERE submission = i.submission AND seq = i.seq LIMIT 1 FOR UPDATE
) AS u`;

const WRITE = `
INSERT INTO url_row AS u (submission, seq, version, gen, state, url, host, domain, cells, numbers,
  spam, quality, spam_probability, quality_score, updated_at, final_at)
SELECT submission, seq, version, gen, state, url, host, domain, cells, numbers,
  spam, quality, spam_probability, quality_score, now(), CASE state WHEN 'final' THEN now() END
FROM json_to_recordset($1::json) AS r(
  submission uuid, seq bigint, version int, gen int, state text, url text, host text, domain text, cells json, numbers json,
  spam json, quality json, spam_probability real, quality_score real)
ON CONFLICT (submission, seq) DO UPDATE SET
  version = excluded.version, gen = excluded.gen, state = excluded.state, url = excluded.url, host = excluded.host,
  domain = excluded.domain, cells = excluded.cells, numbers = excluded.numbers, spam = excluded.spam,
  quality = excluded.quality, spam_probability = excluded.spam_probability,
  quality_score = excluded.quality_score, updated_at = excluded.updated_at,
  final_at = CASE WHEN excluded.state = 'final' AND u.gen = excluded.gen
    THEN coalesce(u.final_at, excluded.final_at) ELSE excluded.final_at END
WHERE u.version < excluded.version`;

const COUNT = `
INSERT INTO submission_count AS c (submission, partition, ask, outcome, detail, n)
SELECT submission, partition, ask, outcome, detail, n FROM json_to_recordset($1::json) AS r(
  submission uuid, partition smallint, ask text, outcome text, detail text, n bigint)
ON CONFLICT (submission, partition, ask, outcome, detail) DO UPDATE SET n = c.n + excluded.n`;

/** Makes rows visible as waiting and counts them, where they are new. */
export async function insertWaiting(client: DatabaseClient, rows: readonly WaitingRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = [JSON.stringify(rows.toSorted(compareRows))];
  await client.query({ name: 'insert-waiting-rows', text: INSERT_WAITING, values });
}

/** Rows as they stand, locked until the transaction ends; `ids` must be sorted. */
export async function lockRows(
  client: DatabaseClient,
  ids: readonly RowId[],
): Promise<Map<string, CurrentRow>> {
  const values = [ids.map(({ submission }) => submission), ids.map(({ seq }) => seq)];
  const { rows } = await client.query<RowId & CurrentRow>({ name: 'lock-url-rows', text: LOCK, values });
  return new Map(rows.map((row) => [rowKey(row), row]));
}

/** Writes newer versions over locked rows; `rows` must be sorted. */
export async function writeRows(client: DatabaseClient, rows: readonly UrlRow[]): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map((row) => ({
    ...row,
    spam_probability: row.spam.probability,
    quality_score: row.quality.score,
  }));
  await client.query({ name: 'write-url-rows', text: WRITE, values: [JSON.stringify(records)] });
}

/** Adds to the counts; `changes` must be sorted. */
export async function addCounts(
  client: DatabaseClient,
  changes: readonly (CountKey & { n: number })[],
): Promise<void> {
  if (changes.length === 0) return;
  await client.query({ name: 'add-counts', text: COUNT, values: [JSON.stringify(changes)] });
}

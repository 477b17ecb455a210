import type { RowCells } from './cells.js';
import type { Scene } from './scene.js';

/** A row of `url_row`. */
export interface StoredRow {
  readonly seq: number;
  readonly version: number;
  readonly gen: number;
  readonly state: string;
  readonly url: string | null;
  readonly host: string | null;
  readonly domain: string | null;
  readonly cells: RowCells;
  readonly numbers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the joiner holds of the row: its version, and the units it asked about in round two, by ask. */
  readonly joinerVersion: number | null;
  readonly emitted: Readonly<Record<string, { readonly gen: number; readonly unit: string }>> | null;
  /** Names in the JSON of `cells`, a repeated one counted again. */
  readonly names: number;
}

const ROWS_AT_ONCE = 500;
const ROWS = `
SELECT r.seq::float8 AS seq, version, gen, r.state, url, host, domain, cells, numbers,
  (SELECT count(*)::int FROM json_each(cells)) AS names,
  (p.state ->> 'version')::int AS "joinerVersion", p.state -> 'emitted' AS emitted
FROM url_row r LEFT JOIN pending_row p ON p.submission = $1 AND p.seq = r.seq
WHERE r.submission = $1 AND r.seq > $2 ORDER BY r.seq LIMIT $3`;

/** All rows of the submission in the order of their lines, some hundreds at once. */
export async function* readRows({ database, submission }: Scene): AsyncGenerator<StoredRow[]> {
  for (let after = -1; ;) {
    const { rows } = await database.query<StoredRow>(ROWS, [submission.id, after, ROWS_AT_ONCE]);
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.seq;
  }
}

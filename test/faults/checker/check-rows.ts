import type { AcceptedLine } from './check-lines.js';
import { isLegal, newestOf, sayAttempt } from './cells.js';
import { checkValues } from './check-values.js';
import { checkTopicsOfRow } from './check-topics.js';
import { readRows, type StoredRow } from './read-rows.js';
import type { Scene } from './scene.js';

const WANTED = `
SELECT seq::float8 AS seq, ask, max(gen) AS gen FROM retry_row, unnest(asks) AS ask
WHERE submission = $1 GROUP BY 1, 2`;

/** Every accepted line has one row, final, with one legal outcome of each planned ask, each the simulator's. */
export async function checkRows(scene: Scene, accepted: ReadonlyMap<number, AcceptedLine>): Promise<void> {
  const { findings } = scene;
  const wanted = await wantedGens(scene);
  const missing = new Map(accepted);
  const urls = new Map<string, number>();
  for await (const rows of readRows(scene)) {
    for (const row of rows) {
      const line = accepted.get(row.seq);
      missing.delete(row.seq);
      checkRow(scene, row, line, urls);
      checkOutcomes(scene, row, wanted);
      checkTopicsOfRow(scene, row);
    }
    findings.rows += rows.length;
    await checkValues(scene, rows);
  }
  for (const { seq, url } of missing.values()) findings.add('row-missing', `row ${seq}`, url, 'no row');
}

function checkRow(
  { findings }: Scene,
  row: StoredRow,
  line: AcceptedLine | undefined,
  urls: Map<string, number>,
): void {
  const where = `row ${row.seq}`;
  const first = row.url === null ? undefined : urls.get(row.url);
  if (row.url !== null && first === undefined) urls.set(row.url, row.seq);
  if (first !== undefined)
    findings.add('row-doubled', where, `one row of ${row.url}`, `row ${first} and this`);
  if (!line) findings.add('row-foreign', where, 'no row: no such line was accepted', row.url);
  for (const name of ['url', 'host', 'domain'] as const)
    if (line && row[name] !== line[name])
      findings.add('row-wrong', `${where} ${name}`, line[name], row[name]);
  if (row.state !== 'final') findings.add('row-not-final', where, 'final', row.state);
}

type Wanted = ReadonlyMap<string, number>;

/** The highest gen that a retry asked for, by row and ask. */
async function wantedGens({ database, submission }: Scene): Promise<Wanted> {
  if (submission.gen === 0) return new Map();
  const { rows } = await database.query<{ seq: number; ask: string; gen: number }>(WANTED, [submission.id]);
  return new Map(rows.map(({ seq, ask, gen }) => [`${seq} ${ask}`, gen]));
}

function checkOutcomes({ findings, submission }: Scene, row: StoredRow, wanted: Wanted): void {
  const where = (ask: string) => `row ${row.seq} ${ask}`;
  for (const ask of submission.asks) {
    const cell = row.cells[ask];
    const gen = wanted.get(`${row.seq} ${ask}`) ?? 0;
    if (!cell) findings.add('outcome-missing', where(ask), 'an outcome', 'none');
    else if (!isLegal(cell)) findings.add('outcome-illegal', where(ask), 'a legal outcome', cell);
    else if (newestOf(cell).gen < gen)
      findings.add('outcome-missing', where(ask), `an outcome of gen ${gen}`, sayAttempt(newestOf(cell)));
  }
  const asks = Object.keys(row.cells);
  for (const ask of asks)
    if (!submission.asks.includes(ask))
      findings.add('cell-unplanned', where(ask), 'no such cell', sayAttempt(row.cells[ask]!));
  if (row.names !== asks.length)
    findings.add(
      'outcome-illegal',
      `row ${row.seq}`,
      'one outcome for each ask',
      `${row.names} of ${asks.length}`,
    );
  findings.cells += row.names;
  findings.checked.outcomes += asks.length;
}

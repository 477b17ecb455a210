import { allDeadTopics, allTopics, type CellView, type RowView } from '@assay/contracts';
import pg from 'pg';
import { SimulatorControl } from '../../harness/simulator-control.js';
import { Topics } from '../../harness/topics.js';
import { expectedCells, same, type Truth } from '../expected-cells.js';
import { countsTwice, rowFaults } from '../row-watch.js';

export interface CheckInput {
  /** The list as it was handed in, a line each. */
  readonly inputFile: string;
  readonly submission: string;
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly simulatorUrl: string;
  /** Header that marks planted messages. */
  readonly poison: string;
}

export interface Found {
  readonly kind: string;
  readonly where: string;
  readonly expected: unknown;
  readonly found: unknown;
}

export interface Checked {
  readonly rows: number;
  readonly faults: readonly Found[];
  /** Rows and outcomes that should be there and are not. */
  readonly lost: number;
  /** Rows, and priced units, that are there twice. */
  readonly doubled: number;
}

/** All that a finished list must hold. */
export async function check(input: CheckInput): Promise<Checked> {
  const database = new pg.Pool({ connectionString: input.databaseUrl, max: 4 });
  database.on('error', () => undefined);
  const topics = new Topics(input.brokers);
  try {
    const rows = await rowsOf(database, input.submission);
    const faults = [
      ...(await linesAndRows(database, input.submission)),
      ...(await valuesOf(new SimulatorControl(input.simulatorUrl), rows)),
      ...(await countsOf(database, input.submission)),
      ...(await nothingOpen(database)),
      ...(await topicsRead(topics, input.poison)),
    ];
    const kinds = (kind: string) => faults.filter((one) => one.kind === kind).length;
    const doubled = await repeated(input.simulatorUrl);
    return { rows: rows.length, faults, lost: kinds('row missing') + kinds('outcome missing'), doubled };
  } finally {
    await database.end();
    await topics.close();
  }
}

/** As the store has written them; the API is no part of this. */
async function rowsOf(database: pg.Pool, submission: string): Promise<RowView[]> {
  const { rows } = await database.query<RowView & { numbers: Record<string, CellView['numbers']> }>(
    'SELECT seq, url, host, domain, cells, numbers FROM url_row WHERE submission = $1',
    [submission],
  );
  return rows.map(({ numbers, ...row }) => ({
    ...row,
    cells: Object.fromEntries(
      Object.entries(row.cells).map(([ask, cell]) => [ask, { ...cell, numbers: numbers[ask] }]),
    ) as RowView['cells'],
  }));
}

const differs = (kind: string, where: string, expected: unknown, found: unknown): Found[] =>
  JSON.stringify(expected) === JSON.stringify(found) ? [] : [{ kind, where, expected, found }];

async function linesAndRows(database: pg.Pool, submission: string): Promise<Found[]> {
  const { rows } = await database.query<{ seq: string }>(
    `SELECT l.seq FROM submission_line l LEFT JOIN url_row r USING (submission, seq)
      WHERE l.submission = $1 AND l.duplicate_of IS NULL AND r.state IS DISTINCT FROM 'final'`,
    [submission],
  );
  const missing = rows.map(({ seq }) => ({
    kind: 'row missing',
    where: seq,
    expected: 'final',
    found: 'not',
  }));
  return [...missing, ...differs('version', submission, [], await rowFaults(database, submission))];
}

const CONCURRENT_ROWS = 16;
const ROUND_TWO = new Set(['safebrowsing.final', 'openpagerank', 'moz.url', 'moz.domain']);

async function valuesOf(simulator: SimulatorControl, rows: readonly RowView[]): Promise<Found[]> {
  const found: Found[] = [];
  const left = [...rows];
  const work = async () => {
    for (let row = left.pop(); row; row = left.pop()) found.push(...(await rowDiffers(simulator, row)));
  };
  await Promise.all(Array.from({ length: CONCURRENT_ROWS }, work));
  return found;
}

async function rowDiffers(simulator: SimulatorControl, row: RowView): Promise<Found[]> {
  const truths = await expectedCells(simulator, row);
  const pageIsTrue = row.cells['page']?.outcome === truths['page']!.outcome;
  return Object.entries(truths).flatMap(([ask, truth]) => {
    if (ask === 'rdap') return [];
    // What was asked in round two follows from the page that was found.
    if (ROUND_TWO.has(ask) && !pageIsTrue && row.cells[ask]) return [];
    return cellDiffers(`${row.url} ${ask}`, row.cells[ask], truth);
  });
}

/** Under faults a cell may lack its number, which it then says; a number that it has must be the true one. */
function cellDiffers(where: string, cell: CellView | undefined, truth: Truth): Found[] {
  if (!cell) return [{ kind: 'outcome missing', where, expected: truth.outcome, found: undefined }];
  if (cell.outcome === 'failed' || cell.outcome === 'skipped') return [];
  if (cell.outcome !== truth.outcome) return differs('outcome', where, truth.outcome, cell.outcome);
  if (truth.outcome !== 'ok') return [];
  return Object.entries(truth.numbers).flatMap(([metric, value]) =>
    same(metric, cell.numbers?.[metric], value)
      ? []
      : differs('value', `${where} ${metric}`, value, cell.numbers?.[metric]),
  );
}

async function countsOf(database: pg.Pool, submission: string): Promise<Found[]> {
  const { counted, recounted } = await countsTwice(database, submission);
  return differs('count', submission, recounted, counted);
}

const OPEN: Readonly<Record<string, string>> = {
  'row open': `SELECT count(*) FROM url_row WHERE state <> 'final'`,
  'dispatch owed': 'SELECT count(*) FROM dispatch WHERE sent_at IS NULL',
  'sweep owed': 'SELECT count(*) FROM pending_row WHERE done_at IS NULL',
  'row parked': 'SELECT count(*) FROM parked',
  'claim open': 'SELECT count(*) FROM claim WHERE ended_at IS NULL',
  'call open': 'SELECT count(*) FROM call WHERE ended_at IS NULL',
};

async function nothingOpen(database: pg.Pool): Promise<Found[]> {
  const found: Found[] = [];
  for (const [kind, sql] of Object.entries(OPEN)) {
    const { rows } = await database.query<{ count: string }>(sql);
    found.push(...differs(kind, sql, 0, Number(rows[0]!.count)));
  }
  return found;
}

async function topicsRead(topics: Topics, poison: string): Promise<Found[]> {
  const dead = (await topics.read(allDeadTopics())).filter(({ headers }) => headers[poison] === undefined);
  const words = dead.map(
    ({ topic, headers }) =>
      `${topic} ${String(headers['dead.group'])} ${String(headers['dead.code'])}: ${String(headers['dead.reason'])}`,
  );
  return [
    ...differs('dead letter', 'topics', [], words),
    ...differs('lag', 'topics', 0, await topics.lag(allTopics())),
  ];
}

/** Units that a priced provider was asked for again. */
async function repeated(simulatorUrl: string): Promise<number> {
  return (await new SimulatorControl(simulatorUrl).counts())['moz']?.repeatedUnits ?? 0;
}

import { randomInt } from 'node:crypto';
import { eventually } from '@assay/testing';
import pg from 'pg';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { countedQuestions, minus, mostQuestions, storedQuestions } from './call-books.js';
import { differences } from './expected-cells.js';
import {
  countsTwice,
  installWatch,
  longestStandstill,
  progressOf,
  rowFaults,
  type Progress,
} from './row-watch.js';
import { deadUrls, testUrls } from './test-urls.js';

const ROWS = 2_000;
const DEAD = 20;
const DOMAINS = 300;
const SAMPLE = 80;
const ALL_FETCHERS = 'fetcher.others';
let system: TestSystem;
let dispatches: pg.Client;

beforeAll(async () => {
  system = await startSystem({
    fetchers: [['page', 'dns', 'rdap', 'safebrowsing', 'openpagerank', 'moz']],
    // Dispatch goes on until late in the list, so that there is a dispatcher to kill.
    environment: { IN_FLIGHT_ROWS: '1000' },
  });
  await installWatch(system.database);
  dispatches = new pg.Client({ connectionString: system.databaseUrl });
  dispatches.on('error', () => undefined);
  await dispatches.connect();
  await dispatches.query('LISTEN dispatched');
}, 60_000);
afterAll(async () => {
  await dispatches?.end();
  await system?.stop();
});

const now = async () =>
  (await system.database.query<{ at: Date }>('SELECT clock_timestamp() AS at')).rows[0]!.at;

/**
 * Resolves when at least a fifth of the rows is final; for ingest also in the instant a dispatch is
 * committed, for the fetchers as soon as the pages of a dispatch are being asked for.
 */
async function momentToKill(victim: string, id: string): Promise<void> {
  const within = async (share: number) =>
    eventually(
      () => progressOf(system.database, id),
      ({ final }) => final >= share * ROWS,
      60_000,
    );
  if (victim !== 'ingest' && victim !== ALL_FETCHERS) return void (await within(0.25 + randomInt(20) / 100));
  await within(0.2);
  await new Promise((resolve) => dispatches.once('notification', resolve));
  if (victim === 'ingest') return;
  const pages = async () => countedQuestions(await system.simulator.counts())['page']!;
  const before = await pages();
  await eventually(pages, (asked) => asked >= before + 20, 10_000);
}

interface Kill {
  readonly progress: Progress;
  readonly at: Date;
  readonly inFlight: Record<string, number>;
}

/** SIGKILL, and what stood where when it fell. */
async function kill(victim: string, id: string, since: Date): Promise<Kill> {
  await momentToKill(victim, id);
  const ready = system.kill(victim);
  const [progress, at, counts] = await Promise.all([
    progressOf(system.database, id),
    now(),
    system.simulator.counts(),
  ]);
  const inFlight = minus(countedQuestions(counts), await storedQuestions(system.database, since));
  await ready;
  return { progress, at, inFlight };
}

describe.each([[ALL_FETCHERS], ['joiner'], ['store'], ['ingest']])('%s killed', (victim) => {
  let id: string;
  let since: Date;
  let killed: Kill;

  beforeAll(async () => {
    await system.simulator.resetCounts();
    since = await now();
    const name = victim.replace('fetcher.others', 'fetcher');
    ({ id } = await system.api.submit([...testUrls(name, ROWS - DEAD, DOMAINS), ...deadUrls(name, DEAD)]));
    killed = await kill(victim, id, since);
    await system.api.finished(id, 60_000);
  }, 120_000);

  test('with work in flight, between 20 and 80 % of the rows', () => {
    const { progress, inFlight } = killed;
    expect(progress.final).toBeGreaterThanOrEqual(0.2 * ROWS);
    expect(progress.final).toBeLessThanOrEqual(0.8 * ROWS);
    expect(progress.dispatched - progress.final).toBeGreaterThan(0);
    if (victim === 'ingest') expect(progress.owed).toBeGreaterThan(0);
    if (victim === ALL_FETCHERS) expect(Math.max(...Object.values(inFlight))).toBeGreaterThan(0);
  });

  test('a row for every line, each final, its versions only rising', async () => {
    const { rows } = await system.database.query(
      `SELECT count(*)::int AS lines, count(r.seq)::int AS rows, count(*) FILTER (WHERE r.state = 'final')::int AS final,
         (SELECT count(*)::int FROM url_row WHERE submission = $1) AS all
       FROM submission_line l LEFT JOIN url_row r USING (submission, seq) WHERE l.submission = $1`,
      [id],
    );
    expect(rows[0]).toEqual({ lines: ROWS, rows: ROWS, final: ROWS, all: ROWS });
    expect(await rowFaults(system.database, id)).toEqual([]);
  });

  test('no more than 10 s pass without a new final row', async () => {
    const standstill = await longestStandstill(system.database, id, killed.at);
    console.log(
      `${victim} killed at ${killed.progress.final} rows: nothing new for ${standstill} ms at most`,
    );
    expect(standstill).toBeLessThanOrEqual(10_000);
  });

  test('values are those of the simulator', async () => {
    const rows = await system.api.rows(id);
    const first = randomInt(Math.floor(ROWS / SAMPLE));
    const sample = rows.filter((_, i) => i % Math.floor(ROWS / SAMPLE) === first);
    expect(sample.length).toBeGreaterThanOrEqual(SAMPLE);
    const found = await Promise.all(sample.map((row) => differences(system.simulator, row)));
    expect(found.flat()).toEqual([]);
  });

  test('counts are those of the rows, and every planned cell has an outcome', async () => {
    const { counted, recounted } = await countsTwice(system.database, id);
    expect(counted).toEqual(recounted);
    const { cells, asks } = await system.api.submission(id);
    expect(cells.planned).toBe(ROWS * asks.length);
    expect(cells.ok + cells.absent + cells.failed + cells.skipped).toBe(cells.planned);
  });

  test('nothing is asked twice but what was in flight', async () => {
    const counted = countedQuestions(await system.simulator.counts());
    const stored = await storedQuestions(system.database, since);
    const { asks } = await system.api.submission(id);
    const page = asks.find(({ ask }) => ask === 'page')!;
    const most = mostQuestions(
      stored,
      victim === ALL_FETCHERS ? killed.inFlight : {},
      page.failed + page.skipped - DEAD,
    );
    console.log(`${victim}: ${JSON.stringify({ counted, stored, inFlight: killed.inFlight })}`);
    for (const [provider, questions] of Object.entries(counted))
      expect([provider, Math.max(questions, most[provider]!)]).toEqual([provider, most[provider]]);
  });
});

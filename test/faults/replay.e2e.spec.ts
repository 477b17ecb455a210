import { allTopics } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { Topics } from '../harness/topics.js';
import { deadUrls, quickDomains } from './test-urls.js';

const ROWS = 300;
const DEAD = 10;
const ROUND1_MS = 8_000;
const DEADLINE_MS = 20_000;
const HOUR_MS = 3_600_000;

/** All that holds a result, whole: every column, times included. */
const RESULT = [
  'url_row', // with indicators
  'submission_count',
  'pending_row',
  'answer',
  'fresh_answer',
  'call',
  'call_minute',
  'claim',
  'parked',
  'submission',
  'submission_line',
  'dispatch',
];

const MOST_PRINTED = 3;

let system: TestSystem;
let topics: Topics;

beforeAll(async () => {
  system = await startSystem();
  topics = new Topics(system.brokers);
}, 60_000);
afterAll(async () => {
  await topics?.close();
  await system?.stop();
});

/** Rows of each table as text. */
async function result(): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of RESULT) {
    const { rows } = await system.database.query<{ row: string }>(
      `SELECT t::text AS row FROM ${table} t ORDER BY 1`,
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

const allRead = () =>
  eventually(
    // Twice: what was read between two looks at two topics may have led to more.
    async () => (await topics.lag(allTopics())) + (await topics.lag(allTopics())),
    (lag) => lag === 0,
    60_000,
  );

async function calls(): Promise<Record<string, number>> {
  const counts = await system.simulator.counts();
  return Object.fromEntries(Object.entries(counts).map(([provider, count]) => [provider, count.calls]));
}

/** Every group reads every topic again from offset 0. Resolves when each is where it was, and no more follows. */
async function replay(): Promise<number> {
  await allRead();
  const before = await topics.positions(allTopics());
  await system.halt();
  await topics.forgetGroups();
  await system.simulator.resetCounts();
  await system.resume();
  await eventually(
    () => topics.positions(allTopics()),
    (after) => [...before].every(([place, offset]) => (after.get(place) ?? 0) >= offset),
    90_000,
  );
  await allRead();
  return [...before.values()].reduce((sum, offset) => sum + offset, 0);
}

/** A few of them, from both sides: what is printed where a run fails. */
function differingRows(table: string, before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(after)];
  const gone = before.filter((row) => !is.has(row)).map((row) => `${table} was ${row}`);
  const come = after.filter((row) => !was.has(row)).map((row) => `${table} is ${row}`);
  return [...gone.slice(0, MOST_PRINTED), ...come.slice(0, MOST_PRINTED)];
}

async function expectReplayChangesNothing(): Promise<void> {
  await allRead();
  const before = await result();
  const read = await replay();
  const after = await result();
  const changed = RESULT.flatMap((table) => differingRows(table, before[table]!, after[table]!));
  expect(changed).toEqual([]);
  expect(Object.values(await calls()).filter((n) => n > 0)).toEqual([]);
  console.log(
    `${read} messages read again; ${before['url_row']!.length} rows, ${before['answer']!.length} answers as before`,
  );
}

/** Where the simulator's sites let themselves be read: what failed or was forbidden is no answer, and is asked again. */
async function readable(count: number): Promise<string[]> {
  const urls: string[] = [];
  for (const domain of quickDomains('again', 2 * count)) {
    const url = `https://${domain}/`;
    const { outcome } = await system.simulator.truth<{ outcome: string }>('page', 'page', url);
    if (outcome === 'ok' && urls.push(url) === count) break;
  }
  return urls;
}

test('before the deadlines answers are used again: nothing is asked, every row stays as it is', async () => {
  const urls = await readable(ROWS);
  const options = { lane: 'bulk', round1Ms: String(HOUR_MS), deadlineMs: String(2 * HOUR_MS) };
  const { id } = await system.api.submit(urls, options);
  const { rows, cells } = await system.api.finished(id, 90_000);
  expect([rows.final, cells.failed]).toEqual([ROWS, 0]);
  await expectReplayChangesNothing();
}, 240_000);

test('after the deadlines fetchers answer that they came too late, which changes nothing', async () => {
  // Where nobody answers, where robots.txt forbids, where a list ends before all is asked: outcomes of all kinds.
  const urls = [
    ...quickDomains('late', ROWS - DEAD).map((domain) => `https://${domain}/`),
    ...deadUrls('late', DEAD),
  ];
  const options = { lane: 'bulk', round1Ms: String(ROUND1_MS), deadlineMs: String(DEADLINE_MS) };
  await system.simulator.fault('dns', 'slow', { ms: 3_000, share: 0.2 });
  await system.simulator.fault('rdap', 'hang', { share: 0.05 });
  const { id } = await system.api.submit(urls, options);
  await eventually(
    () => system.api.submission(id),
    ({ state }) => state === 'complete',
    DEADLINE_MS + 40_000,
  );
  await system.simulator.clearFaults();
  await eventually(
    () =>
      system.database.query<{ over: boolean }>(
        'SELECT max(deadline_at) < now() AS over FROM dispatch WHERE submission = $1',
        [id],
      ),
    ({ rows }) => rows[0]!.over,
    DEADLINE_MS,
  );
  const { cells, asks } = await system.api.submission(id);
  console.log(JSON.stringify(Object.fromEntries(asks.map(({ ask, reasons }) => [ask, reasons]))));
  expect(Math.min(cells.ok, cells.failed, cells.skipped)).toBeGreaterThan(0);
  await expectReplayChangesNothing();
}, 240_000);

test('nothing died of it', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

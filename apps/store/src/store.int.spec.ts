import type { JoinedCell, RowJoined, UrlSubmitted } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import { createPublisher, createTopics, GiveUp, type Publisher } from '@assay/messaging';
import { createLogger, type RunningService } from '@assay/telemetry';
import { eventually, refuseWrites, testDatabase, testKafka, type TestPart } from '@assay/testing';
import { flushRows } from './flush-rows.js';
import type { StoreEvent } from './store-event.js';
import { startStore } from './start-store.js';
import { StoreLanes } from './store-lanes.js';
import { AnswerMissing } from './write-row.js';

const PARTITIONS = 4;
const logger = createLogger('test', 'silent');
const ROW = { url: 'http://a.test/', host: 'a.test', domain: 'a.test' };
let kafka: TestPart<string>;
let postgres: TestPart<string>;
let database: OpenDatabase;
let publisher: Publisher;
let store: RunningService;

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
  await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
  publisher = await createPublisher({ brokers: kafka.value, clientId: 'test', logger });
  database = await openDatabase({ url: postgres.value, poolSize: 6, applicationName: 'test' });
  store = await startStore(
    {
      brokers: kafka.value,
      sessionTimeoutMs: 6_000,
      databaseUrl: postgres.value,
      poolSize: 4,
      host: '127.0.0.1',
      healthPort: 0,
      bulkFlushMs: 5,
    },
    logger,
  );
});

afterAll(async () => {
  await store?.stop();
  await publisher?.close();
  await database?.close();
  await Promise.all([kafka?.stop(), postgres?.stop()]);
});

let ids = 0;
const nextId = () => `01890000-0000-7000-8000-${String(++ids).padStart(12, '0')}`;

function planOf(submission: string) {
  const times = { dispatchedAt: 1, round1At: 2, deadlineAt: 3, graceMs: 4, patienceMs: 5 };
  return { submission, asks: { page: 0, dns: 0, rdap: 0 }, ...times };
}

async function storeAnswer(numbers: Record<string, number>): Promise<string> {
  const id = nextId();
  await insertAnswer(id, numbers);
  return id;
}

async function insertAnswer(id: string, numbers: Record<string, number>): Promise<void> {
  await database.query({
    text: `INSERT INTO answer (id, key, surface, version, unit, outcome, numbers, fetched_at, expires_at)
      VALUES ($1, $1, 'page', 1, 'u', 'ok', $2, now(), now())`,
    values: [id, JSON.stringify(numbers)],
  });
}

const ok = (answer: string): JoinedCell => ({ gen: 0, outcome: 'ok', at: 1, answer });
const failed: JoinedCell = { gen: 0, outcome: 'failed', detail: 'server', at: 1 };
const skipped: JoinedCell = { gen: 0, outcome: 'skipped', detail: 'expired', at: 1 };

function submitted(submission: string, seq: number): UrlSubmitted {
  return { v: 1, plan: planOf(submission), seq, ...ROW };
}

function joined(submission: string, seq: number, version: number, cells: RowJoined['cells']): RowJoined {
  const state = Object.keys(cells).length === 3 ? 'final' : 'partial';
  return { v: 1, plan: planOf(submission), seq, ...ROW, version, state, cells };
}

/** Four versions of a row, of which the last two are final. */
async function versionsOf(submission: string, seq: number): Promise<RowJoined[]> {
  const [page, dns] = await Promise.all([storeAnswer({ word_count: seq }), storeAnswer({ mx_count: 0 })]);
  return [
    { page: ok(page) },
    { page: ok(page), dns: failed },
    { page: ok(page), dns: failed, rdap: seq % 2 ? skipped : failed },
    { page: ok(page), dns: ok(dns), rdap: failed },
  ].map((cells, i) => joined(submission, seq, i + 1, cells));
}

interface StoredRow {
  seq: number;
  version: number;
  state: string;
  gen: number;
  url: string | null;
  cells: Record<string, JoinedCell>;
  numbers: Record<string, Record<string, number>>;
  spam_probability: number | null;
  quality_score: number | null;
  final_at: Date | null;
}

async function rowsOf(submission: string): Promise<StoredRow[]> {
  const { rows } = await database.query<StoredRow>({
    text: `SELECT seq::int, version, gen, state, url, cells, numbers, spam_probability, quality_score, final_at
      FROM url_row WHERE submission = $1 ORDER BY seq`,
    values: [submission],
  });
  return rows;
}

/** What is counted, and the same numbers recounted from the rows. */
async function counts(submission: string): Promise<{ counted: unknown[]; recounted: unknown[] }> {
  const counted = await database.query({
    text: `SELECT partition, ask, outcome, detail, n::int FROM submission_count
      WHERE submission = $1 AND n <> 0 ORDER BY 1, 2, 3, 4`,
    values: [submission],
  });
  const recounted = await database.query({
    text: `SELECT (seq % $2)::int AS partition, ask, outcome, detail, count(*)::int AS n FROM (
        SELECT seq, '' AS ask, state AS outcome, coalesce(nullif(gen, 0)::text, '') AS detail
        FROM url_row WHERE submission = $1
        UNION ALL
        SELECT seq, c.key, c.value ->> 'outcome', coalesce(c.value ->> 'detail', '')
        FROM url_row, json_each(cells) c WHERE submission = $1) AS cell
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    values: [submission, PARTITIONS],
  });
  return { counted: counted.rows, recounted: recounted.rows };
}

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((value, i) => ({ value, rank: (i * 7_919) % 104_729 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);

test('versions that come twice and shuffled end as the newest, and the counts are those of the rows', async () => {
  const submission = nextId();
  const versions = (
    await Promise.all(Array.from({ length: 60 }, (_, seq) => versionsOf(submission, seq)))
  ).flat();
  const jobs = shuffled([
    ...[...versions, ...versions].map(
      (row) => () => publisher.publish('row.joined', 'bulk', row.seq % PARTITIONS, row),
    ),
    ...Array.from({ length: 120 }, (_, i) => i % 60).map(
      (seq) => () => publisher.publish('url.submitted', 'bulk', seq % PARTITIONS, submitted(submission, seq)),
    ),
  ]);
  await Promise.all(jobs.map((job) => job()));
  const rows = await eventually(
    () => rowsOf(submission),
    (seen) => seen.length === 60 && seen.every(({ version }) => version === 4),
  );
  for (const row of rows) {
    expect(row).toMatchObject({ state: 'final', url: ROW.url, cells: versions[4 * row.seq + 3]!.cells });
    expect(row.numbers).toEqual({ page: { word_count: row.seq }, dns: { mx_count: 0 } });
    expect(row.quality_score).not.toBeNull();
    expect(row.spam_probability).toBeGreaterThan(0);
    expect(row.final_at).not.toBeNull();
  }
  const { counted, recounted } = await counts(submission);
  expect(counted).toEqual(recounted);
  expect(counted.length).toBe(4 * PARTITIONS);
});

test('a retry opens rows, keeps their values and makes them final at a new time', async () => {
  const submission = nextId();
  const page = await storeAnswer({ word_count: 7 });
  const before = { page: ok(page), dns: failed, rdap: skipped };
  const raised = (version: number, state: 'partial' | 'final', dns: JoinedCell): RowJoined => {
    const message = joined(submission, 1, version, { ...before, dns });
    return { ...message, state, plan: { ...message.plan, asks: { page: 0, dns: 1, rdap: 0 } } };
  };
  const last = async () => (await rowsOf(submission))[0]!;
  const publish = (row: RowJoined) => publisher.publish('row.joined', 'bulk', 1, row);
  const seen = (version: number) => eventually(last, (row) => row?.version === version);
  await publish(joined(submission, 1, 1, before));
  const first = (await seen(1)).final_at!;
  await publish(raised(2, 'partial', failed));
  expect(await seen(2)).toMatchObject({ state: 'partial', gen: 1, final_at: null });
  expect((await counts(submission)).counted).toContainEqual(
    expect.objectContaining({ ask: '', outcome: 'partial', detail: '1', n: 1 }),
  );
  await publish(raised(4, 'final', { ...failed, gen: 1, detail: 'timeout' }));
  const again = await seen(4);
  expect(again).toMatchObject({ state: 'final', gen: 1, numbers: { page: { word_count: 7 } } });
  expect(again.final_at!.getTime()).toBeGreaterThan(first.getTime());
  await publish(raised(5, 'final', failed));
  expect((await seen(5)).final_at).toEqual(again.final_at);
  const { counted, recounted } = await counts(submission);
  expect(counted).toEqual(recounted);
});

test('a row waits from the moment it is submitted; an answer that comes late is written, not left empty', async () => {
  const submission = nextId();
  const late = nextId();
  const row = joined(submission, 1, 1, { page: ok(late), dns: failed, rdap: failed });
  await publisher.publish('url.submitted', 'express', 1, submitted(submission, 1));
  await eventually(
    () => rowsOf(submission),
    ([seen]) => seen?.state === 'waiting',
  );
  const other = joined(submission, 2, 1, { page: failed, dns: failed, rdap: failed });
  await Promise.all([row, other].map((one) => publisher.publish('row.joined', 'express', one.seq, one)));
  await eventually(
    () => rowsOf(submission),
    (seen) => seen[1]?.state === 'final',
  );
  expect((await rowsOf(submission))[0]).toMatchObject({ state: 'waiting', version: 0 });
  await insertAnswer(late, { word_count: 3 });
  const [written] = await eventually(
    () => rowsOf(submission),
    ([seen]) => seen?.state === 'final',
  );
  expect(written!.numbers).toEqual({ page: { word_count: 3 } });
  const { counted, recounted } = await counts(submission);
  expect(counted).toEqual(recounted);
});

const context = {
  group: 'store',
  message: 'row.joined',
  lane: 'bulk',
  partition: 1,
  offset: '0',
  timestamp: 0,
  held: () => true,
} as const;

test('a row that no column takes is given up alone: what was to be written with it is written', async () => {
  const submission = nextId();
  const lanes = new StoreLanes({ database, bulkFlushMs: 20, clock: () => 0 });
  const rows = Array.from({ length: 40 }, (_, seq) => joined(submission, seq, 1, { page: failed }));
  const bad = { ...rows[7]!, version: 3_000_000_000 };
  const results = await Promise.allSettled(
    rows.map((row) => lanes.joined(row.seq === bad.seq ? bad : row, context)),
  );
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  expect(refused).toEqual([expect.objectContaining({ name: 'Unstorable', code: 'unstorable' })]);
  expect(await rowsOf(submission)).toHaveLength(39);
});

test('an answer that never comes ends as a dead letter, not as an empty value', async () => {
  const submission = nextId();
  let now = 0;
  const lanes = new StoreLanes({ database, bulkFlushMs: 0, clock: () => now });
  const row = joined(submission, 1, 1, { page: ok(nextId()) });
  await expect(lanes.joined(row, context)).rejects.toThrow(AnswerMissing);
  now = 17_999;
  await expect(lanes.joined(row, context)).rejects.toThrow(AnswerMissing);
  now = 18_000;
  await expect(lanes.joined(row, context)).rejects.toThrow(GiveUp);
  expect(await rowsOf(submission)).toMatchObject([{ version: 0, cells: {} }]);
});

test('stores that write the same rows at the same time count each once', async () => {
  const submission = nextId();
  const versions = (
    await Promise.all(Array.from({ length: 30 }, (_, seq) => versionsOf(submission, seq)))
  ).flat();
  const events = versions.flatMap((message): StoreEvent[] => {
    const place = { submission, seq: message.seq, partition: message.seq % PARTITIONS };
    return [
      { kind: 'submitted', ...place, message: submitted(submission, message.seq) },
      { kind: 'joined', ...place, message },
    ];
  });
  const parts = [0, 1, 2, 3].map((part) => shuffled(events.filter((_, i) => (i % 8) >> 1 === part)));
  await Promise.all([...parts, ...parts].map((part) => flushRows(part, database)));
  expect((await rowsOf(submission)).every(({ version }) => version === 4)).toBe(true);
  const { counted, recounted } = await counts(submission);
  expect(counted).toEqual(recounted);
});

test('with the disk of PostgreSQL full rows wait, and are written once there is room again', async () => {
  const submission = nextId();
  const full = await refuseWrites(database, 'url_row');
  const rows = await Promise.all(Array.from({ length: 10 }, (_, seq) => versionsOf(submission, seq)));
  await Promise.all(
    rows.flat().map((row) => publisher.publish('row.joined', 'express', row.seq % PARTITIONS, row)),
  );
  await eventually(full.count, (count) => count >= 3);
  expect(await rowsOf(submission)).toEqual([]);
  await full.end();
  const written = await eventually(
    () => rowsOf(submission),
    (found) => found.length === 10 && found.every(({ version }) => version === 4),
    40_000,
  );
  expect(written.map(({ state }) => state)).toEqual(Array(10).fill('final'));
  const { counted, recounted } = await counts(submission);
  expect(counted).toEqual(recounted);
});

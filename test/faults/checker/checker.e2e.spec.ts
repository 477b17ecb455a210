import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSystem, type TestSystem } from '../../harness/start-system.js';
import { Topics, type KeptMessage } from '../../harness/topics.js';
import { deadUrls, testUrls } from '../test-urls.js';
import { check, checkFrom, type CheckInput, type Report } from './check.js';
import { DAMAGED, DAMAGES } from './damages.fixture.js';
import { readTopics, type TopicContents } from './read-topics.js';
import { closeSources, openSources, type Sources } from './sources.js';

const SERVICES = ['ingest', 'fetcher.page', 'fetcher.others', 'joiner', 'store', 'query'];

const ROWS = 200;
/** Of six providers in both rounds. */
const ASKS = 10;
/** Joiner, store, and one for each provider. */
const GROUPS = 8;
const LINES = 205;

let system: TestSystem;
let folder: string;
let id: string;
let topics: Topics;
let sources: Sources;

/** Lines of all kinds: 200 rows, doubled ones, spelled otherwise, refused, blank. Lines 3 and 4 are one URL. */
function list(): string[] {
  const [first, second, third, ...rest] = [...testUrls('checker', 192, 60), ...deadUrls('checker', 8)];
  return [
    ...[first!, '', third!, third!, `${second}#part`],
    ...rest,
    ...['', first!.replace('https:', 'HTTPS:'), 'no url', 'ftp://example.com/', '  ', second!],
  ];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-checker-'));
  system = await startSystem();
  topics = new Topics(system.brokers);
  const lines = list();
  await writeFile(join(folder, 'urls.txt'), lines.join('\n'));
  // On a busy machine breakers open: nobody need wait until they close.
  ({ id } = await system.api.submit(lines, { lane: 'bulk', patienceMs: '5000' }));
  await system.api.finished(id, 120_000);
  sources = await openSources(inputOf());
}, 180_000);
afterAll(async () => {
  await Promise.allSettled([topics?.close(), sources && closeSources(sources)]);
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const inputOf = (): CheckInput => ({
  inputFile: join(folder, 'urls.txt'),
  submission: id,
  databaseUrl: system.databaseUrl,
  brokers: system.brokers,
  simulatorUrl: system.simulator.address,
});

/** Services are ended: nobody may mend or move on what is damaged. A copy of each table is kept. */
async function bringToRest(): Promise<void> {
  const { supervisor } = system.system;
  await Promise.all(SERVICES.map((name) => supervisor.service(name).stop(8_000)));
  for (const table of DAMAGED) await system.database.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
}

const kindsOf = (report: Report): string[] => Object.keys(report.faultsByKind).sort();

test('an undamaged run has no fault, and everything was looked at', async () => {
  const report = await check(inputOf());
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ submission: id, rows: ROWS, cells: ROWS * ASKS, lost: 0, doubled: 0 });
  const { deadLetters, ...checked } = report.checked;
  expect(deadLetters).toBe(0);
  expect(Object.values(checked).every((count) => count > 0)).toBe(true);
  expect(checked).toMatchObject({ lines: LINES, outcomes: ROWS * ASKS, groups: GROUPS });
});

describe('tables', () => {
  let contents: TopicContents;
  const damaged: string[] = [];
  /** What the topics hold is read once: only tables are damaged. */
  const look = (more: Partial<CheckInput> = {}) =>
    checkFrom(sources, { ...inputOf(), restWithinMs: 0, ...more }, contents);

  beforeAll(async () => {
    await bringToRest();
    contents = await readTopics(sources, id, new Set());
  }, 30_000);
  afterEach(async () => {
    for (const table of damaged.splice(0)) {
      await system.database.query(`DELETE FROM ${table}`);
      await system.database.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
  });

  test.each(DAMAGES.map((damage) => [damage.name, damage] as const))('found: %s', async (_, damage) => {
    damaged.push(...damage.tables);
    for (const sql of damage.sql) {
      const { rowCount } = await system.database.query(sql, [id]);
      expect(rowCount).toBeGreaterThan(0);
    }
    const report = await look(damage.strict ? { strict: true } : {});
    expect(kindsOf(report)).toEqual(expect.arrayContaining([...damage.found]));
  });

  test('lost and doubled are counted', async () => {
    damaged.push('url_row');
    await system.database.query('DELETE FROM url_row WHERE submission = $1 AND seq IN (3, 7)', [id]);
    expect(await look()).toMatchObject({ rows: ROWS - 2, lost: 2, doubled: 0 });
  });

  test('the command says what it found, and ends with 1', async () => {
    damaged.push('url_row');
    await system.database.query('DELETE FROM url_row WHERE submission = $1 AND seq = 3', [id]);
    const { inputFile, databaseUrl, brokers, simulatorUrl } = inputOf();
    const places = ['--input', inputFile, '--database', databaseUrl, '--brokers', brokers];
    const given = [...places, '--submission', id, '--simulator', simulatorUrl, '--json'];
    const failed = await promisify(execFile)('npm', [
      'run',
      '--silent',
      'faults:check',
      '--',
      ...given,
    ]).catch((error: { code: number; stdout: string }) => error);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stdout).toContain('row-missing: row 3: no row, not https://');
    expect(JSON.parse(failed.stdout.trim().split('\n').at(-1)!)).toMatchObject({ rows: ROWS - 1, lost: 1 });
  }, 40_000);

  test('all of it undone, there is no fault again', async () => {
    expect((await look()).faults).toEqual([]);
  });
});

// What is written to a topic stays there: nothing of this can be undone.
describe('messages', () => {
  const kinds = async () => kindsOf(await checkFrom(sources, { ...inputOf(), restWithinMs: 0 }));
  const lastOf = async (topic: string): Promise<KeptMessage> =>
    (await topics.read([topic])).findLast(({ value }) => /"(ok|final)"/.test(String(value)))!;
  const withBody = (message: KeptMessage, body: object): KeptMessage => ({
    ...message,
    value: Buffer.from(JSON.stringify(body)),
  });
  /** What `setOffsets` of kafkajs does in some five seconds, since it waits for a fetch. */
  const commit = async (groupId: string, topic: string, partition: number, offset: string): Promise<void> => {
    const consumer = sources.kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.connect();
    await consumer.subscribe({ topic });
    await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
    await joined;
    await consumer.commitOffsets([{ topic, partition, offset }]);
    await consumer.disconnect();
  };
  /** Written, and passed over by a group: its offset is moved behind it. */
  const passOver = async (group: string, message: KeptMessage): Promise<void> => {
    await topics.send([message]);
    const { topic, partition } = message;
    const ends = await sources.admin.fetchTopicOffsets(topic);
    await commit(group, topic, partition, ends.find((one) => one.partition === partition)!.high);
  };

  test('a dead letter that has its cause is none', async () => {
    await topics.send([{ ...DEAD, headers: { ...DEAD.headers, poison: '1' } }]);
    expect(await kinds()).toEqual([]);
  });

  test('found: a dead letter without a cause, and messages that were passed over', async () => {
    const [row, metric] = [await lastOf('row.joined.bulk'), await lastOf('metric.round1.bulk')];
    const { version, ...joined } = JSON.parse(String(row.value)) as { version: number };
    const { cells, ...round1 } = JSON.parse(String(metric.value)) as { cells: { at: number }[] };
    await topics.send([DEAD]);
    await passOver('store', withBody(row, { ...joined, version: version + 1 }));
    const later = cells.map((cell) => ({ ...cell, at: cell.at + 1 }));
    await passOver('joiner', withBody(metric, { ...round1, cells: later }));
    await passOver('joiner', { ...metric, topic: 'metric.round2.bulk', value: Buffer.from('{"v":1,') });
    expect(await kinds()).toEqual(['cell-skipped', 'dead-letter', 'message-unread', 'version-skipped']);
  }, 60_000);

  test('found: a message that waits, and an offset of what is not there', async () => {
    const before = await kinds();
    const row = await lastOf('row.joined.bulk');
    await topics.send([row]);
    // A consumer that runs would be told that there is no such offset, and go back.
    const partitions = [{ partition: 0, offset: '100000' }];
    await sources.admin.setOffsets({ groupId: 'joiner', topic: 'url.submitted.bulk', partitions });
    const added = (await kinds()).filter((kind) => !before.includes(kind));
    expect(added).toEqual(['lag', 'offset-beyond-end']);
  }, 60_000);
});

/** A message of the first partition that the store gave up on. */
const DEAD: KeptMessage = {
  topic: 'row.joined.dead',
  partition: 0,
  key: null,
  value: Buffer.from('{'),
  headers: {
    'dead.group': 'store',
    'dead.code': 'BROKEN_JSON',
    'dead.topic': 'row.joined.bulk',
    'dead.partition': '0',
    'dead.offset': '0',
  },
};

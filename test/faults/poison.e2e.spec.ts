import { allDeadTopics, allTopics, type Lane, type MessageName } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { runCommand } from '../harness/run-command.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { Topics } from '../harness/topics.js';
import { countedQuestions } from './call-books.js';
import { differences } from './expected-cells.js';
import { poisonForAll } from './poison.js';
import { quickDomains } from './test-urls.js';

const ROWS = 200;
const PARTITIONS = 12;
const domains = quickDomains('poisoned', ROWS);
/** The store, and nobody else, cannot take a row of this host until it is mended. */
const BROKEN_HOST = domains[17]!;
const BREAK = `ALTER TABLE url_row ADD CONSTRAINT broken CHECK (host <> '${BROKEN_HOST}')`;
const MEND = 'ALTER TABLE url_row DROP CONSTRAINT broken';
const poison = poisonForAll(PARTITIONS);

interface Letter {
  readonly message: MessageName;
  readonly lane: Lane;
  readonly group: string;
  readonly code: string;
  readonly attempts: number;
  readonly reason: string;
  readonly origin: { topic: string; partition: number; offset: string };
  readonly letter: { topic: string; partition: number; offset: string };
  readonly rows: readonly { submission: string; seq: number; url?: string }[];
  readonly bytes: number;
  readonly returnedAt?: string;
}

let system: TestSystem;
let topics: Topics;
let id: string;

beforeAll(async () => {
  system = await startSystem({ partitions: PARTITIONS });
  topics = new Topics(system.brokers);
  await system.database.query(BREAK);
  const records = poison.map(({ record }) => record);
  await topics.send(records.filter((_, i) => i % 2 === 0));
  const urls = domains.map((domain) => `https://${domain}/`);
  id = (await system.api.submit(urls, { lane: 'bulk' })).id;
  await eventually(finalRows, (n) => n >= 20, 60_000);
  await topics.send(records.filter((_, i) => i % 2 === 1));
  await eventually(finalRows, (n) => n === ROWS - 1, 60_000);
  await allRead();
}, 150_000);
afterAll(async () => {
  await topics?.close();
  await system?.stop();
});

const finalRows = async () => (await system.api.submission(id)).rows.final;
const allRead = () =>
  eventually(
    () => topics.lag(allTopics()),
    (lag) => lag === 0,
    60_000,
  );
const command = (...args: string[]) =>
  runCommand(args, { KAFKA_BROKERS: system.brokers, DATABASE_URL: system.databaseUrl });

async function dead(...args: string[]): Promise<Letter[]> {
  const { code, out, err } = await command('dead', '--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Letter);
}

const word = (group: string, code: string, message: string, lane: string) =>
  `${group} ${code} ${message} ${lane}`;
const ofBrokenRow = ({ rows }: Letter) => rows.some(({ submission }) => submission === id);

test('every row but that which the store cannot take is final, with the numbers of the simulator', async () => {
  const rows = await system.api.rows(id);
  expect(rows.filter(({ state }) => state === 'final')).toHaveLength(ROWS - 1);
  const sample = rows.filter((_, i) => i % 20 === 0);
  const found = await Promise.all(sample.map((row) => differences(system.simulator, row)));
  expect(found.flat()).toEqual([]);
});

test('each group lists its poison under its code, and nothing else died', async () => {
  const letters = (await dead()).filter((letter) => !ofBrokenRow(letter));
  const expected = poison.flatMap(({ groups, code, message, lane }) =>
    groups.map((group) => word(group, code, message, lane)),
  );
  const found = letters.map(({ group, code, message, lane }) => word(group, code, message, lane));
  expect(found.toSorted()).toEqual(expected.toSorted());
  for (const { attempts, reason, letter, origin } of letters) {
    expect([attempts, reason === '', letter.partition]).toEqual([1, false, origin.partition]);
  }
  const own = new Set((await topics.read(allDeadTopics())).map(({ headers }) => String(headers['poison'])));
  expect(own).toEqual(new Set([...poison.map(({ kind }) => kind), 'undefined']));
});

test('letters can be chosen, counted, and looked at whole', async () => {
  const chosen = await dead('--group', 'joiner', '--code', 'not_json', '--message', 'metric.round1');
  expect(chosen).toHaveLength(2);
  const { topic, partition, offset } = chosen[0]!.letter;
  const { record } = poison.find(({ kind, message }) => kind === 'broken' && message === 'metric.round1')!;
  const shown = await command('dead', '--show', `${topic}:${partition}:${offset}`);
  expect([shown.code, shown.out]).toEqual([0, `${record.value!.toString()}\n`]);
  const text = await command('dead', '--submission', id);
  expect(text.out).toMatch(
    /^\S+ \S+ {2}row\.joined bulk {2}store gave up after 1 try: unstorable\n {2}reason {2}.*"broken"/m,
  );
  expect(text.out).toContain(`https://${BROKEN_HOST}/`);
  expect(text.out).toMatch(/ {2}store {2}\d+: unstorable \d+\n$/);
  const none = await command('dead', '--group', 'nobody');
  expect([none.code, none.out]).toEqual([0, 'No dead letter is like that.\n']);
});

test('what is asked for wrongly is refused with what to write', async () => {
  const refused = [
    await command('replay'),
    await command('dead', '--message', 'url'),
    await command('dead', '--limit', '0'),
    await command('dead', '--show', 'url.submitted.dead:0:999999'),
  ];
  expect(refused.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
  for (const { err } of refused) expect(err).toMatch(/^[^\n]+\n$/);
  expect(refused[0]!.err).toContain('--dry-run');
});

test('once mended they go back to the group that gave up, and to that alone', async () => {
  const broken = await dead('--submission', id);
  expect(new Set(broken.map(({ group, code }) => `${group} ${code}`))).toEqual(new Set(['store unstorable']));
  const before = await elsewhere();
  await system.database.query(MEND);
  const args = ['replay', '--group', 'store', '--submission', id];
  const planned = await command(...args, '--dry-run');
  expect(planned.out).toContain(`${broken.length} dead letters would be returned`);
  expect(await finalRows()).toBe(ROWS - 1);
  const returned = await command(...args);
  expect([returned.code, returned.err]).toEqual([0, '']);
  expect(returned.out).toMatch(new RegExp(`^Returned ${broken.length} dead letters.*\n {2}store {2}`));
  await system.api.finished(id, 30_000);
  await allRead();
  expect(await elsewhere()).toEqual(before);
  const row = (await system.api.rows(id)).find(({ host }) => host === BROKEN_HOST)!;
  expect(await differences(system.simulator, row)).toEqual([]);

  const again = await command(...args);
  expect(again.out).toBe(
    `No dead letter is to be returned.\n${broken.length} were returned before and are left alone: --again returns them once more.\n`,
  );
  const marked = await dead('--submission', id);
  expect(marked.every(({ returnedAt }) => returnedAt !== undefined)).toBe(true);
});

/** What no other group may do when a message comes back: ask, join, give up. */
async function elsewhere() {
  const { rows } = await system.database.query('SELECT sum(revision) AS sum, count(*) AS n FROM pending_row');
  const letters = (await dead()).filter((letter) => !ofBrokenRow(letter)).length;
  return { asked: countedQuestions(await system.simulator.counts()), joined: rows, letters };
}

test('one that fails again keeps its place, and its tries add up', async () => {
  const { code, out } = await command('replay', '--group', 'fetcher.moz', '--code', 'not_json');
  expect([code, out]).toEqual([
    0,
    'Returned 2 dead letters, to the group that gave up on each:\n  fetcher.moz  2: round2.requested 2\n',
  ]);
  const letters = await eventually(
    () => dead('--group', 'fetcher.moz', '--code', 'not_json'),
    ({ length }) => length === 4,
  );
  const places = letters.map(({ attempts, origin }) => `${JSON.stringify(origin)} ${attempts}`);
  expect(new Set(places).size).toBe(4);
  expect(new Set(letters.map(({ origin }) => JSON.stringify(origin))).size).toBe(2);
});

test('no process died of it', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

test('a Kafka that cannot be reached is said, with what to do', async () => {
  const { code, err } = await runCommand(['dead'], { KAFKA_BROKERS: '127.0.0.1:9', DATABASE_URL: '' });
  expect([code, err]).toEqual([
    1,
    'No Kafka broker answers at 127.0.0.1:9: start it, correct KAFKA_BROKERS, or unset it to use the embedded one.\n',
  ]);
});

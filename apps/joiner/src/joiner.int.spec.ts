import type { Lane, MessageName, Metric, Round2Requested, RowJoined, UrlSubmitted } from '@assay/contracts';
import { unitKey } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import type { Registry } from '@assay/providers';
import { createLogger, type RunningService } from '@assay/telemetry';
import { eventually, testDatabase, testKafka, type TestPart } from '@assay/testing';
import { flushRows, type RowWork } from './flush-rows.js';
import { ALL, answerId, catalogue, cell, FACTS, planOf, ROW, submitted, T } from './join-row.fixture.js';
import { readRows } from './pending-rows.js';
import { RowCache } from './row-cache.js';
import { startJoiner } from './start-joiner.js';

const PARTITIONS = 4;
const logger = createLogger('test', 'silent');
let kafka: TestPart<string>;
let postgres: TestPart<string>;
let database: OpenDatabase;
let publisher: Publisher;
let reader: WindowedKafkaStrategy;
const running: RunningService[] = [];

/** By submission and row, everything that the joiner sent. */
const joined = new Map<string, RowJoined[]>();
const asked = new Map<string, Set<string>>();
const misplaced: number[] = [];
/** Submissions whose round two nobody answers. */
const silent = new Set<string>();

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
  await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
  publisher = await createPublisher({ brokers: kafka.value, clientId: 'test', logger });
  database = await openDatabase({ url: postgres.value, poolSize: 6, applicationName: 'test' });
  reader = new WindowedKafkaStrategy({
    brokers: kafka.value,
    group: 'world',
    messages: ['round2.requested', 'row.joined'],
    window: { express: 100, bulk: 100 },
    sessionTimeoutMs: 6_000,
    publisher,
    logger,
  });
  reader.addHandler('round2.requested', answerRoundTwo as never, true);
  reader.addHandler('row.joined', noteJoined as never, true);
  await new Promise<void>((resolve, reject) =>
    reader.listen((error) => (error ? reject(error as Error) : resolve())),
  );
});

afterEach(() => Promise.all(running.splice(0).map((service) => service.stop())));

afterAll(async () => {
  await reader?.stop();
  await publisher?.close();
  await database?.close();
  await Promise.all([kafka?.stop(), postgres?.stop()]);
});

async function noteJoined(message: RowJoined, { partition }: MessageContext): Promise<void> {
  if (partition !== message.seq % PARTITIONS) misplaced.push(message.seq);
  const key = `${message.plan.submission}/${message.seq}`;
  joined.set(key, [...(joined.get(key) ?? []), message]);
}

/** Round-two fetchers in small: each question is answered, twice. */
async function answerRoundTwo(
  { plans, rows }: Round2Requested,
  { lane, partition }: MessageContext,
): Promise<void> {
  for (const row of rows) {
    const plan = plans[row.plan]!;
    for (const { ask, gen, unit } of row.asks) {
      const key = `${plan.submission}/${row.seq} ${ask} ${gen}`;
      asked.set(key, (asked.get(key) ?? new Set()).add(unit));
      if (silent.has(plan.submission)) continue;
      const answer = {
        plan: 0,
        seq: row.seq,
        unit: unitKey(unit),
        gen,
        outcome: 'ok' as const,
        at: Date.now(),
      };
      const message: Metric = {
        v: 1,
        ask,
        plans: [plan],
        cells: [{ ...answer, answer: answerId(ask, gen) }],
      };
      await publisher.publish('metric.round2', lane, partition, message);
      await publisher.publish('metric.round2', lane, partition, message);
    }
  }
}

async function start(send?: (publisher: Publisher) => Pick<Publisher, 'publish'>): Promise<RunningService> {
  const config = {
    brokers: kafka.value,
    sessionTimeoutMs: 3_000,
    databaseUrl: postgres.value,
    poolSize: 4,
    sweepMs: 100,
    bulkFlushMs: 5,
    registry: { providers: [], asks: catalogue.asks } as unknown as Registry,
  };
  const service = await startJoiner(config, logger, send);
  running.push(service);
  return service;
}

/** Refuses the first `times` of what goes out: the joiner has committed by then. */
const refusing = (times: number, only?: MessageName) => (real: Publisher) => ({
  publish: ((...message: Parameters<Publisher['publish']>) =>
    (!only || message[0] === only) && times-- > 0
      ? Promise.reject(new Error('no broker'))
      : real.publish(...message)) as Publisher['publish'],
});

let submissions = 0;
function nextPlan(changes: { round1Ms?: number; deadlineMs?: number } = {}, asks = ALL.asks) {
  const submission = `01890000-0000-7000-8000-${String(++submissions).padStart(12, '0')}`;
  const now = Date.now();
  const { round1Ms = 60_000, deadlineMs = 90_000 } = changes;
  return planOf(asks, {
    submission,
    dispatchedAt: now,
    round1At: now + round1Ms,
    deadlineAt: now + deadlineMs,
  });
}

type Plan = ReturnType<typeof nextPlan>;

async function publishRow(plan: Plan, seq: number, lane: Lane): Promise<void> {
  const message: UrlSubmitted = { v: 1, plan, seq, ...ROW };
  await publisher.publish('url.submitted', lane, seq % PARTITIONS, message);
}

async function publishCell(plan: Plan, seq: number, ask: string, lane: Lane): Promise<void> {
  const event = cell(ask, ask === 'page' ? { facts: FACTS } : {}, plan);
  if (event.kind !== 'cell') return;
  const message: Metric = { v: 1, ask, plans: [plan], cells: [{ ...event.cell, seq }] };
  await publisher.publish('metric.round1', lane, seq % PARTITIONS, message);
}

/** Everything of round one, twice, in an order of no meaning. */
async function publishShuffled(plan: Plan, rows: number, lane: Lane): Promise<void> {
  const jobs = Array.from({ length: rows }, (_, seq) => [
    () => publishRow(plan, seq, lane),
    ...['page', 'dns', 'safe'].map((ask) => () => publishCell(plan, seq, ask, lane)),
  ]).flat();
  const twice = [...jobs, ...jobs].map((job, i) => ({ job, rank: (i * 7_919) % 104_729 }));
  await Promise.all(twice.sort((a, b) => a.rank - b.rank).map(({ job }) => job()));
}

const newest = (plan: Plan, seq: number): RowJoined | undefined =>
  joined.get(`${plan.submission}/${seq}`)?.reduce((a, b) => (a.version >= b.version ? a : b));

function allFinal(plan: Plan, rows: number): () => boolean {
  return () =>
    Array.from({ length: rows }, (_, seq) => newest(plan, seq)).every((row) => row?.state === 'final');
}

async function unfinished(plan: Plan): Promise<number> {
  const { rows } = await database.query<{ n: number }>({
    text: 'SELECT count(*)::int AS n FROM pending_row WHERE submission = $1 AND done_at IS NULL',
    values: [plan.submission],
  });
  return rows[0]!.n;
}

test('twice, shuffled, and cut off between commit and produce: every row ends whole, asked once', async () => {
  const plan = nextPlan();
  await start(refusing(25));
  await publishShuffled(plan, 80, 'bulk');
  await eventually(allFinal(plan, 80), Boolean, 30_000);
  for (let seq = 0; seq < 80; seq++) {
    const row = newest(plan, seq)!;
    expect(row).toMatchObject({ ...ROW, plan: { submission: plan.submission } });
    expect(Object.values(row.cells).map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
    expect(asked.get(`${plan.submission}/${seq} safe.final 0`)).toEqual(new Set([FACTS.finalUrl]));
    expect(asked.get(`${plan.submission}/${seq} links 0`)).toEqual(new Set([FACTS.canonicalUrl]));
    const views = new Map(joined.get(`${plan.submission}/${seq}`)!.map((one) => [one.version, one.cells]));
    for (const one of joined.get(`${plan.submission}/${seq}`)!)
      expect(one.cells).toEqual(views.get(one.version));
  }
  expect(misplaced).toEqual([]);
  expect(await unfinished(plan)).toBe(0);
});

test('a joiner that dies after its commit leaves its offsets: the next one sends what was owed', async () => {
  const plan = nextPlan();
  const dying = await start(refusing(Infinity));
  await publishShuffled(plan, 20, 'bulk');
  await eventually(
    () =>
      database.query<{ n: number }>({
        text: 'SELECT count(*)::int AS n FROM pending_row WHERE submission = $1',
        values: [plan.submission],
      }),
    ({ rows }) => rows[0]!.n === 20,
  );
  running.length = 0;
  await dying.stop();
  expect(newest(plan, 0)).toBeUndefined();
  await start();
  await eventually(allFinal(plan, 20), Boolean, 30_000);
});

test('the sweep closes round one, then the row, in time, though its first produce fails', async () => {
  await start(refusing(3, 'row.joined'));
  const plan = nextPlan({ round1Ms: 1_500, deadlineMs: 3_000 });
  silent.add(plan.submission);
  await Promise.all([publishRow(plan, 1, 'express'), publishCell(plan, 1, 'dns', 'express')]);
  await eventually(() => asked.has(`${plan.submission}/1 links 0`), Boolean);
  expect(asked.get(`${plan.submission}/1 links 0`)).toEqual(new Set([ROW.url]));
  expect(Date.now()).toBeGreaterThanOrEqual(plan.round1At);
  const row = await eventually(
    () => newest(plan, 1),
    (seen) => seen?.state === 'final',
  );
  expect(Date.now()).toBeLessThan(plan.deadlineAt + 3_000);
  expect(Object.entries(row!.cells).map(([ask, { detail }]) => [ask, detail])).toEqual(
    expect.arrayContaining([
      ['safe.final', 'no_fact'],
      ['page', 'expired'],
      ['links', 'expired'],
    ]),
  );
  await eventually(
    () => unfinished(plan),
    (n) => n === 0,
  );
  await publishCell(plan, 1, 'page', 'express');
  const amended = await eventually(
    () => newest(plan, 1),
    (seen) => seen!.version > row!.version,
  );
  expect(amended).toMatchObject({ state: 'final', cells: { page: { outcome: 'ok' } } });
});

test('two joiners on the same rows lose nothing of each other', async () => {
  const plan = nextPlan();
  const id = { submission: plan.submission, partition: 0 };
  const works = ['page', 'dns', 'safe', 'plain'].map((ask) =>
    Array.from({ length: 40 }, (_, seq): RowWork[] => {
      const unit = ask === 'plain' ? ROW.host : ROW.url;
      return [
        { ...id, seq, event: submitted(plan) },
        { ...id, seq, event: cell(ask, { unit, facts: FACTS }, plan) },
      ];
    }).flat(),
  );
  const quiet = { publish: () => Promise.resolve() };
  await Promise.all(
    works.map((work) =>
      flushRows(work, {
        lane: 'bulk',
        database,
        publisher: quiet,
        catalogue,
        cache: new RowCache(9),
        clock: () => T,
      }),
    ),
  );
  const ids = Array.from({ length: 40 }, (_, seq) => ({ submission: plan.submission, seq }));
  const rows = await readRows(database, ids);
  expect(rows.size).toBe(40);
  for (const { state, revision } of rows.values()) {
    expect(Object.keys(state.cells).sort()).toEqual(['dns', 'page', 'plain', 'safe']);
    expect(revision).toBe(4);
  }
});

import { randomUUID } from 'node:crypto';
import type { MessageName, UrlSubmitted } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import { createPublisher, createTopics, WindowedKafkaStrategy, type Publisher } from '@assay/messaging';
import { createLogger } from '@assay/telemetry';
import { eventually, testDatabase, testKafka, type TestPart } from '@assay/testing';
import { GroupLags, type GroupReader } from './group-lag.js';
import { ProviderStats } from './provider-stats.js';

const NOW = 1_800_000_000_000;
const logger = createLogger('stats-spec', 'silent');
let kafka: TestPart<string>;
let postgres: TestPart<string>;
let database: OpenDatabase;
let publisher: Publisher;

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
  await createTopics({ brokers: kafka.value, partitions: 3 });
  database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'stats-spec' });
  publisher = await createPublisher({ brokers: kafka.value, clientId: 'spec', logger });
});

afterAll(async () => {
  await publisher.close();
  await database.close();
  await Promise.all([kafka.stop(), postgres.stop()]);
});

afterEach(() => database.query({ text: 'TRUNCATE provider_stat' }));

const nobody: GroupReader = {
  settings: { messages: ['url.submitted'] },
  assigned: () => [],
  processed: () => undefined,
  endOffsets: () => Promise.resolve(new Map()),
};

function statsAt(clock: { now: number }, worker = randomUUID()) {
  const stats = new ProviderStats({ database, worker, logger, now: () => clock.now });
  const runtime = { pending: 7, inFlight: 2 };
  stats.watch('moz', { runtime, reader: nobody });
  const call = (limitKey: string, latencyMs = 100) =>
    stats.seen({ provider: 'moz', limitKey, class: 'ok', requests: 1, latencyMs, at: clock.now });
  return { stats, runtime, call, worker };
}

interface Row {
  readonly limit_key: string;
  /** Seconds, by µs: two writes may fall into one ms. */
  readonly written: number;
}
const SELECT =
  'SELECT *, extract(epoch FROM at)::float8 AS written FROM provider_stat ORDER BY limit_key, worker';
const rows = async () => (await database.query<Row>({ text: SELECT })).rows;

test('a worker writes the whole and its limit keys, gauges with the whole alone, and takes all back at its end', async () => {
  const { stats, call, worker } = statsAt({ now: NOW });
  call('a');
  call('b', 900);
  await stats.write();
  const written = await rows();
  expect(written).toMatchObject([
    {
      provider: 'moz',
      limit_key: '',
      worker,
      calls: 2,
      by_class: { ok: 2 },
      in_flight: 2,
      waiting: 7,
      lag: null,
    },
    { limit_key: 'a', calls: 1, in_flight: null, waiting: null },
    { limit_key: 'b', calls: 1, histogram: expect.any(Object), span_ms: 50_000 },
  ]);
  await stats.stop();
  expect(await rows()).toEqual([]);
});

test('only the 50 busiest or most troubled limit keys get a row, and lose it when others take their place', async () => {
  const clock = { now: NOW };
  const { stats, call } = statsAt(clock);
  for (let n = 0; n < 60; n++) call(`key${n}`);
  call('busy');
  call('busy');
  stats.seen({ provider: 'moz', limitKey: 'bad', class: 'server', requests: 1, latencyMs: 1, at: NOW });
  await stats.write();
  const first = (await rows()).map(({ limit_key }) => limit_key);
  expect(first).toHaveLength(51);
  expect(first).toEqual(expect.arrayContaining(['', 'bad', 'busy']));
  clock.now += 60_000;
  call('new');
  await stats.write();
  expect((await rows()).map(({ limit_key }) => limit_key)).toEqual(['', 'new']);
});

test('what has not changed is written again after 10 s only', async () => {
  const clock = { now: NOW };
  const { stats, runtime } = statsAt(clock);
  await stats.write();
  const [first] = await rows();
  clock.now += 2_000;
  await stats.write();
  expect(await rows()).toEqual([first]);
  runtime.pending = 8;
  await stats.write();
  const [second] = await rows();
  expect(second!.written).toBeGreaterThan(first!.written);
  clock.now += 10_000;
  await stats.write();
  expect((await rows())[0]!.written).toBeGreaterThan(second!.written);
});

test('rows that a killed worker left behind go after 2 minutes, those of others stay', async () => {
  const [dead, living, writer] = [statsAt({ now: NOW }), statsAt({ now: NOW }), statsAt({ now: NOW })];
  await Promise.all([dead.stats.write(), living.stats.write()]);
  await database.query({
    text: `UPDATE provider_stat SET at = now() - interval '121 seconds' WHERE worker = $1`,
    values: [dead.worker],
  });
  await writer.stats.write();
  const { rows: left } = await database.query({ text: 'SELECT worker FROM provider_stat' });
  expect(new Set(left.map(({ worker }) => worker as string))).toEqual(
    new Set([living.worker, writer.worker]),
  );
});

test('the lag is what lies unhandled on the group’s partitions, on a real broker', async () => {
  const messages: MessageName[] = ['url.submitted'];
  let letGo: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const strategy = new WindowedKafkaStrategy({
    brokers: kafka.value,
    group: 'fetcher.moz',
    messages,
    window: { express: 2, bulk: 2 },
    sessionTimeoutMs: 6_000,
    publisher,
    logger,
  });
  strategy.addHandler('url.submitted', () => held, true);
  await new Promise<void>((resolve, reject) =>
    strategy.listen((error) => (error ? reject(error as Error) : resolve())),
  );
  const lags = new GroupLags(logger);
  lags.watch('moz', strategy);
  const sampled = async () => {
    await lags.sample();
    return lags.of('moz');
  };
  expect(await eventually(sampled, (lag) => lag !== undefined)).toBe(0);
  for (let seq = 0; seq < 12; seq++)
    await publisher.publish('url.submitted', seq % 2 ? 'bulk' : 'express', seq % 3, row(seq), ['moz.url']);
  await eventually(sampled, (lag) => lag === 12);
  letGo!();
  await eventually(sampled, (lag) => lag === 0);
  await strategy.stop();
});

function row(seq: number): UrlSubmitted {
  const plan = {
    submission: '01900000-0000-7000-8000-000000000001',
    asks: { 'moz.url': 0 },
    dispatchedAt: NOW,
    round1At: NOW,
    deadlineAt: NOW,
    graceMs: 0,
    patienceMs: 0,
  };
  return { v: 1, plan, seq, url: `https://a.test/${seq}`, host: 'a.test', domain: 'a.test' };
}

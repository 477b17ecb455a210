import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Lane, type Metric, type MessageName, type Plan } from '@assay/contracts';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createPublisher,
  createTopics,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
} from '@assay/messaging';
import {
  createRegistry,
  questionKey,
  type Finding,
  type Provider,
  type ProviderReply,
} from '@assay/providers';
import { createLogger, type RunningService } from '@assay/telemetry';
import { eventually, testDatabase, testKafka, type TestPart } from '@assay/testing';
import type { FetcherConfig } from './fetcher.config.js';
import { startFetcher } from './start-fetcher.js';

const PARTITIONS = 4;
const logger = createLogger('fetcher-spec', 'silent');
let kafka: TestPart<string>;
let postgres: TestPart<string>;
let database: OpenDatabase;
let publisher: Publisher;
let server: Server;
let reader: WindowedKafkaStrategy;
let service: RunningService;
const asked: string[] = [];
const seen: { message: Metric; context: MessageContext }[] = [];
let status = 200;

const sized: Provider = {
  id: 'sized',
  title: 'Sizes',
  docs: 'https://sizes.test',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    { id: 'sized.host', surface: 'sized', round: 1, unit: 'host' },
    { id: 'sized.final', surface: 'sized', round: 2, unit: 'host' },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [],
  concurrency: 32,
  limitKey: () => 'sized',
  timeoutMs: 2_000,
  retries: 0,
  breaker: { volume: 10, errorPercent: 5, coolOffMs: 60_000 },
  ttlMs: { ok: 60_000, absent: 60_000 },
  metrics: [{ id: 'size', type: 'integer', unit: '', meaning: 'size' }],
  request: ([question]) => [{ method: 'GET', url: `http://sizes.test/${question!.unit}` }],
  parse: ([reply], [question]) => new Map([[questionKey(question!), read(reply!, question!.unit)]]),
};

function read(reply: ProviderReply, unit: string): Finding {
  if (reply.kind === 'error') return { outcome: 'failed', class: 'network', message: reply.error };
  if (reply.status !== 200) return { outcome: 'failed', class: 'server', message: String(reply.status) };
  return { outcome: 'ok', numbers: { size: reply.body.length }, facts: { finalHost: `www.${unit}` } };
}

async function startSizes(): Promise<number> {
  server = createServer((request, response) => {
    asked.push(request.url!.slice(1));
    response.writeHead(status).end('x'.repeat(request.url!.length - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function configFor(httpPort: number): FetcherConfig {
  return {
    brokers: kafka.value,
    sessionTimeoutMs: 6_000,
    databaseUrl: postgres.value,
    poolSize: 4,
    bulkFlushMs: 20,
    parkedPerKey: 20_000,
    registry: createRegistry([sized]),
    providers: [sized],
    keys: new Map(),
    userAgent: 'Assay/test',
    limitsFactor: 1,
    lead: { httpPort, httpsPort: 1, resolve: () => Promise.resolve(['93.184.216.34']), ca: '' },
  };
}

async function startReader(): Promise<void> {
  const messages: MessageName[] = ['metric.round1', 'metric.round2'];
  reader = new WindowedKafkaStrategy({
    brokers: kafka.value,
    group: 'spec',
    messages,
    window: { express: 1_000, bulk: 1_000 },
    sessionTimeoutMs: 6_000,
    publisher,
    logger,
  });
  for (const name of messages)
    reader.addHandler(
      name,
      (message: Metric, context: MessageContext) => {
        seen.push({ message, context });
        return Promise.resolve();
      },
      true,
    );
  await new Promise<void>((resolve, reject) =>
    reader.listen((error) => (error ? reject(error as Error) : resolve())),
  );
}

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
  await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
  database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'fetcher-spec' });
  publisher = await createPublisher({ brokers: kafka.value, clientId: 'spec', logger });
  const config = configFor(await startSizes());
  [service] = await Promise.all([startFetcher(config, logger), startReader()]);
});

afterAll(async () => {
  await Promise.all([service.stop(), reader.stop()]);
  await publisher.close();
  await database.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await Promise.all([kafka.stop(), postgres.stop()]);
});

beforeEach(() => {
  asked.length = 0;
  seen.length = 0;
  status = 200;
});

let submissions = 0;
function newPlan(given: Partial<Plan> = {}): Plan {
  const now = Date.now();
  return {
    submission: `01900000-0000-7000-8000-${String(++submissions).padStart(12, '0')}`,
    asks: { 'sized.host': 0, 'sized.final': 0, other: 0 },
    dispatchedAt: now,
    round1At: now + 20_000,
    deadlineAt: now + 60_000,
    graceMs: 60_000,
    patienceMs: 5_000,
    ...given,
  };
}

function submit(plan: Plan, seq: number, host: string, lane: Lane = 'express'): Promise<void> {
  const row = { seq, url: `https://${host}/${seq}`, host, domain: host };
  return publisher.publish(
    'url.submitted',
    lane,
    seq % PARTITIONS,
    { v: 1, plan, ...row },
    Object.keys(plan.asks),
  );
}

const cells = () =>
  seen.flatMap(({ message, context }) =>
    message.cells.map((cell) => ({ ...cell, plan: message.plans[cell.plan]!, ask: message.ask, context })),
  );
const cellsOf = (plan: Plan) => cells().filter((cell) => cell.plan.submission === plan.submission);

test('rows become cells on their own partition and lane, hosts are asked once, answers are stored first', async () => {
  const plan = newPlan();
  await Promise.all(
    Array.from({ length: 200 }, (_, seq) =>
      submit(plan, seq, `host${seq % 10}.test`, seq % 2 ? 'bulk' : 'express'),
    ),
  );
  const got = await eventually(
    () => cellsOf(plan),
    ({ length }) => length >= 200,
  );
  expect(got.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 200 }, (_, seq) => seq),
  );
  for (const { seq, context, ask, unit, outcome, facts } of got) {
    expect(context).toMatchObject({ partition: seq % PARTITIONS, lane: seq % 2 ? 'bulk' : 'express' });
    expect({ ask, unit, outcome, facts }).toEqual({
      ask: 'sized.host',
      unit: `host${seq % 10}.test`,
      outcome: 'ok',
      facts: { finalHost: `www.host${seq % 10}.test` },
    });
  }
  expect(asked).toHaveLength(10);
  const ids = [...new Set(got.map(({ answer }) => answer))];
  const { rows } = await database.query({
    text: 'SELECT id FROM answer WHERE id = ANY($1::uuid[])',
    values: [ids],
  });
  expect(rows).toHaveLength(10);
  expect(seen.length).toBeLessThan(200);
});

test('a replay asks nothing again and points at the same answers', async () => {
  const plan = newPlan({ maxAgeMs: 0 });
  await submit(plan, 1, 'replayed.test');
  const [first] = await eventually(
    () => cellsOf(plan),
    ({ length }) => length === 1,
  );
  await submit(plan, 1, 'replayed.test');
  const both = await eventually(
    () => cellsOf(plan),
    ({ length }) => length === 2,
  );
  expect(both[1]!.answer).toBe(first!.answer);
  expect(asked).toEqual(['replayed.test']);
});

test('round two asks about the unit it is given, and leaves the asks of others alone', async () => {
  const plan = newPlan();
  const row = { plan: 0, seq: 7, url: 'https://a.test/', host: 'a.test', domain: 'a.test' };
  const asks = [
    { ask: 'sized.final', gen: 2, unit: 'final.test' },
    { ask: 'other', gen: 0, unit: 'x' },
  ];
  await publisher.publish('round2.requested', 'bulk', 3, { v: 1, plans: [plan], rows: [{ ...row, asks }] }, [
    'sized.final',
    'other',
  ]);
  const [cell] = await eventually(
    () => cellsOf(plan),
    ({ length }) => length === 1,
  );
  expect(cell).toMatchObject({ ask: 'sized.final', gen: 2, seq: 7, unit: 'final.test', outcome: 'ok' });
  expect(cell!.context).toMatchObject({ message: 'metric.round2', partition: 3, lane: 'bulk' });
});

test('a row that comes too late is skipped(expired) without a call; one of other providers is not answered', async () => {
  const late = newPlan({ round1At: Date.now() + 1_000 });
  await submit(newPlan({ asks: { other: 0 } }), 0, 'foreign.test');
  await submit(late, 0, 'late.test');
  const [cell] = await eventually(
    () => cellsOf(late),
    ({ length }) => length === 1,
  );
  expect(cell).toMatchObject({ outcome: 'skipped', detail: 'expired' });
  expect(asked).toEqual([]);
  expect(cells()).toHaveLength(1);
});

test('rows with the longest URLs fit into messages', async () => {
  const plan = newPlan();
  const asks = (seq: number) => [{ ask: 'sized.final', gen: 0, unit: `${'u'.repeat(8_000)}${seq}` }];
  await Promise.all(
    Array.from({ length: 100 }, (_, seq) => {
      const row = {
        plan: 0,
        seq,
        url: `https://a.test/${'u'.repeat(8_000)}`,
        host: 'a.test',
        domain: 'a.test',
      };
      return publisher.publish(
        'round2.requested',
        'bulk',
        0,
        { v: 1, plans: [plan], rows: [{ ...row, asks: asks(seq) }] },
        ['sized.final'],
      );
    }),
  );
  const got = await eventually(
    () => cellsOf(plan),
    ({ length }) => length === 100,
  );
  expect(new Set(got.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
});

test('a provider that is down says so, in cells and in its state', async () => {
  status = 500;
  const plan = newPlan();
  for (let seq = 0; seq < 60; seq++) await submit(plan, seq, `down${seq}.test`);
  const got = await eventually(
    () => cellsOf(plan),
    ({ length }) => length === 60,
  );
  const details = new Set(got.map(({ outcome, detail }) => `${outcome} ${detail}`));
  expect(details).toEqual(new Set(['failed server', 'skipped provider_down']));
  expect(asked.length).toBeLessThan(60);
  const states = await eventually(
    async () =>
      (await database.query({ text: 'SELECT provider, limit_key, state FROM provider_state' })).rows,
    ({ length }) => length > 0,
  );
  expect(states).toEqual([{ provider: 'sized', limit_key: 'sized', state: 'open' }]);
});

import { Kafka } from 'kafkajs';
import { type Lane, type MessageName, type UrlSubmitted } from '@assay/contracts';
import { eventually, testKafka, type TestPart } from '@assay/testing';
import { createLogger } from '@assay/telemetry';
import {
  createPublisher,
  createTopics,
  DEAD_HEADERS,
  GiveUp,
  WindowedKafkaStrategy,
  type MessageContext,
  type Publisher,
  type StrategySettings,
} from './index.js';

const PARTITIONS = 6;
const logger = createLogger('test', process.env['LOG_LEVEL'] ?? 'silent');
let kafka: TestPart<string>;
let publisher: Publisher;
const running: WindowedKafkaStrategy[] = [];

beforeAll(async () => {
  kafka = await testKafka();
  await createTopics({ brokers: kafka.value, partitions: PARTITIONS });
  publisher = await createPublisher({ brokers: kafka.value, clientId: 'test', logger });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((strategy) => strategy.stop()));
});

afterAll(async () => {
  await publisher?.close();
  await kafka?.stop();
});

const plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { dns: 0 },
  dispatchedAt: 1,
  round1At: 2,
  deadlineAt: 3,
  graceMs: 4,
  patienceMs: 5,
};

function row(seq: number): UrlSubmitted {
  return { v: 1, plan, seq, url: `http://a.test/${seq}`, host: 'a.test', domain: 'a.test' };
}

let first = 0;
/** Publishes so many rows over all partitions; returns their sequence numbers, unique in this file. */
async function publishRows(count: number, lane: Lane = 'bulk', asks?: string[]): Promise<number[]> {
  const seqs = Array.from({ length: count }, (_, i) => first + i);
  first += count;
  await Promise.all(
    seqs.map((seq) => publisher.publish('url.submitted', lane, seq % PARTITIONS, row(seq), asks)),
  );
  return seqs;
}

type Handler = (value: UrlSubmitted, context: MessageContext) => Promise<void>;

let groups = 0;
async function read(
  handler: Handler,
  settings: Partial<StrategySettings> = {},
): Promise<WindowedKafkaStrategy> {
  const strategy = new WindowedKafkaStrategy({
    brokers: kafka.value,
    group: `group${groups++}`,
    messages: ['url.submitted'],
    window: { express: 100, bulk: 100 },
    sessionTimeoutMs: 3_000,
    publisher,
    logger,
    onFatal: (error) => {
      throw error;
    },
    ...settings,
  });
  for (const message of strategy.settings.messages) strategy.addHandler(message, handler as never, true);
  await new Promise<void>((resolve, reject) =>
    strategy.listen((error) => (error ? reject(error) : resolve())),
  );
  running.push(strategy);
  return strategy;
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

test('a quiet run hands over every message exactly once, and a second group all of them again', async () => {
  const from = first;
  const seqs = [...(await publishRows(3_000)), ...(await publishRows(50, 'express'))];
  const seen: Record<string, number[]> = { one: [], two: [] };
  const note: Handler = async ({ seq }, { group }) => void (seq >= from && seen[group]!.push(seq));
  await Promise.all([read(note, { group: 'one' }), read(note, { group: 'two' })]);
  await eventually(
    () => seen,
    ({ one, two }) => one!.length >= seqs.length && two!.length >= seqs.length,
  );
  expect(sorted(seen['one']!)).toEqual(seqs);
  expect(sorted(seen['two']!)).toEqual(seqs);
});

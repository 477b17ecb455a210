import { MAX_MESSAGE_BYTES, type UrlSubmitted } from '@assay/contracts';
import { Kafka } from 'kafkajs';
import { checkTopics, ContractBroken, createPublisher, createTopics } from './index.js';
import { Fixture, logger, PARTITIONS, plan, row } from './messaging.fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start((brokers) =>
    expect(checkTopics({ brokers })).rejects.toThrow(/no topic url\.submitted\.express/),
  );
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

describe('publishing', () => {
  const big = (bytes: number): UrlSubmitted => {
    const asks = Object.fromEntries(
      Array.from({ length: Math.floor(bytes / 20) }, (_, i) => [`ask${i}`.padEnd(15, '.'), 0]),
    );
    return { ...row(0), plan: { ...plan, asks } };
  };

  test('refuses what breaks its contract, is too large or has no place', async () => {
    const broken = { ...row(1), url: '' };
    await expect(fixture.publisher.publish('url.submitted', 'bulk', 0, broken)).rejects.toThrow(
      ContractBroken,
    );
    await expect(fixture.publisher.publish('url.submitted', 'bulk', 0, broken)).rejects.toThrow(
      /url\.submitted.*\/url/,
    );
    const large = fixture.publisher.publish('url.submitted', 'bulk', 0, big(MAX_MESSAGE_BYTES + 10_000));
    await expect(large).rejects.toThrow(RangeError);
    await expect(large).rejects.toThrow(/url\.submitted/);
    await expect(fixture.publisher.publish('url.submitted', 'bulk', 6, row(1))).rejects.toThrow(
      /no partition 6/,
    );
  });

  test('many large messages to one partition pass, and close waits for what was accepted', async () => {
    const own = await createPublisher({ brokers: fixture.brokers, clientId: 'large', logger });
    const sends = Array.from({ length: 60 }, () => own.publish('url.submitted', 'bulk', 0, big(200_000)));
    await own.close();
    await Promise.all(sends);
    await expect(own.publish('url.submitted', 'bulk', 0, row(1))).rejects.toThrow(/closed/);
  });
});

test('a topic that forgets before a row may end keeps everything from starting', async () => {
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  const keepFor = (ms: number) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type: 2, name: 'row.joined.bulk', configEntries: [{ name: 'retention.ms', value: String(ms) }] },
      ],
    });
  await keepFor(3_600_000);
  await expect(checkTopics(fixture)).rejects.toThrow(/row\.joined\.bulk: retention\.ms is 3600000.*90000000/);
  await keepFor(-1);
  await expect(checkTopics(fixture)).resolves.toMatchObject({ partitions: PARTITIONS });
  await admin.disconnect();
});

test('topics are created once, and different partition counts keep everything from starting', async () => {
  await createTopics({ brokers: fixture.brokers, partitions: PARTITIONS });
  await expect(createTopics({ brokers: fixture.brokers, partitions: 3 })).rejects.toThrow(
    /have 6 partitions, not 3/,
  );
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic: 'row.joined.dead', count: 7 }] });
  await admin.disconnect();
  await expect(fixture.read(async () => {})).rejects.toThrow(/row\.joined\.dead 7/);
});

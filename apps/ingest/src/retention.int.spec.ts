import { Kafka } from 'kafkajs';
import { IngestFixture, post, urls } from './ingest.fixture.js';

const HOUR = 3_600_000;
let fixture: IngestFixture;

beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterAll(() => fixture?.stop());

async function keepFor(topic: string, ms: number): Promise<void> {
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  const configEntries = [{ name: 'retention.ms', value: String(ms) }];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] });
  await admin.disconnect();
}

test('a topic that forgets before the longest deadline has passed keeps ingest from starting', async () => {
  await keepFor('metric.round1.bulk', 24 * HOUR);
  await expect(fixture.ingest()).rejects.toThrow(
    /topic metric\.round1\.bulk: retention\.ms is 86400000, but rows may be open for 25 h.*Set retention\.ms to 90000000 or more/,
  );
});

test('the longest deadline is the one that is configured', async () => {
  await keepFor('metric.round1.bulk', 48 * HOUR);
  const environment = { BULK_DEADLINE_MS: String(72 * HOUR) };
  await expect(fixture.ingest(environment)).rejects.toThrow(/open for 73 h.*Set retention\.ms to 262800000/);
  await expect(fixture.ingest({ BULK_DEADLINE_MS: String(47 * HOUR) })).resolves.toBeDefined();
});

test('a list that asks for a longer deadline than Kafka keeps messages is refused, with the settings to raise', async () => {
  await keepFor('metric.round1.bulk', 48 * HOUR);
  const ingest = await fixture.ingest();
  const within = (hours: number) =>
    post(ingest, urls(2).join('\n'), 'text/plain', `?lane=bulk&deadlineMs=${hours * HOUR}`);
  const { status, problem } = await within(7 * 24);
  expect(status).toBe(400);
  expect(problem.detail).toMatch(
    /deadlines\.deadlineMs may be 169200000 at most.*retention\.ms.*offsets\.retention\.minutes/,
  );
  expect((await within(47)).status).toBe(202);
});

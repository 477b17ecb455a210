import { createGroupPositions, GiveUp, scanDeadLetters, type FoundLetter } from './index.js';
import { eventually } from '@assay/testing';
import { Kafka } from 'kafkajs';
import { Fixture, gate, logger, PARTITIONS } from './messaging.fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

const settings = () => ({ brokers: fixture.brokers, clientId: 'test', logger });

async function scan(withinMs = 20_000): Promise<FoundLetter[]> {
  const letters: FoundLetter[] = [];
  await scanDeadLetters({ ...settings(), withinMs }, (letter) => letters.push(letter));
  return letters;
}

test('a group is behind while it has not committed up to the ends that were sampled, by partition', async () => {
  const positions = createGroupPositions(settings());
  const messages = ['url.submitted', 'metric.round1'] as const;
  const empty = await positions.ends(messages, 'bulk');
  expect(await positions.behind('slow', empty)).toBe(0);
  await fixture.publishRows(PARTITIONS * 2);
  expect(await positions.behind('slow', empty)).toBe(0);
  const ends = await positions.ends(messages, 'bulk');
  expect(await positions.behind('slow', ends)).toBe(PARTITIONS);
  const { opened, open } = gate();
  await fixture.read(async (_row, { partition }) => (partition === 0 ? opened : undefined), {
    group: 'slow',
  });
  await eventually(
    () => positions.behind('slow', ends),
    (behind) => behind === 1,
  );
  await fixture.publishRows(PARTITIONS);
  open();
  await eventually(
    () => positions.behind('slow', ends),
    (behind) => behind === 0,
  );
  await positions.close();
});

test('all dead letters are read, by a reader that leaves no group behind', async () => {
  expect(await scan()).toEqual([]);
  const seqs = await fixture.publishRows(PARTITIONS * 2, 'express');
  await fixture.read(
    async ({ seq }, { lane }) => {
      if (lane === 'express' && seq % 2 === 0) throw new GiveUp('odd', `${seq} is even`);
    },
    { group: 'even' },
  );
  const wanted = seqs.filter((seq) => seq % 2 === 0).length;
  const letters = await eventually(
    () => scan(),
    (found) => found.length === wanted,
    40_000,
  );
  expect(letters.map(({ topic, code, group }) => [topic, code, group])).toEqual(
    Array(wanted).fill(['url.submitted.dead', 'odd', 'even']),
  );
  expect(letters.map(({ reason, value }) => reason === `${JSON.parse(String(value)).seq} is even`)).toEqual(
    Array(wanted).fill(true),
  );
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  expect(groups.map(({ groupId }) => groupId).filter((id) => id.startsWith('dead-letter-scan'))).toEqual([]);
  await expect(scan(1)).rejects.toThrow(/not read to their end/);
});

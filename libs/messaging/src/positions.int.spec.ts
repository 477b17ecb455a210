import { createGroupPositions } from './index.js';
import { eventually } from '@assay/testing';
import { Fixture, gate, logger, PARTITIONS } from './messaging.fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

const settings = () => ({ brokers: fixture.brokers, clientId: 'test', logger });

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

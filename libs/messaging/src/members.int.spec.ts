import { eventually } from '@assay/testing';
// oxlint-disable-next-line no-restricted-imports -- handlers that take a while, and the pace of what is sent
import { setTimeout as wait } from 'node:timers/promises';
import type { WindowedKafkaStrategy } from './index.js';
import { Fixture, gate, sorted } from './messaging.fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

test('a drain finishes and commits what is in flight: the next member does only the rest', async () => {
  const seqs = await fixture.publishRows(4_000);
  const handled = { before: [] as number[], after: [] as number[] };
  const group = 'drained';
  const one = await fixture.read(
    async ({ seq }) => {
      await wait(2);
      if (seq >= seqs[0]!) handled.before.push(seq);
    },
    { group, window: { express: 100, bulk: 40 } },
  );
  await eventually(
    () => handled.before.length,
    (count) => count > 200,
  );
  await one.stop();
  const count = handled.before.length;
  expect(count).toBeLessThan(seqs.length);
  await fixture.read(async ({ seq }) => void (seq >= seqs[0]! && handled.after.push(seq)), { group });
  await eventually(
    () => handled.after.length,
    (after) => after >= seqs.length - count,
  );
  expect(handled.before).toHaveLength(count);
  expect(sorted([...handled.before, ...handled.after])).toEqual(seqs);
});

test('members share partitions alike over topics and lanes; what one keeps is not handled twice', async () => {
  const { opened, open } = gate();
  const seqs = await fixture.publishRows(60);
  const handled: { seq: number; by: string; partition: number; held: () => boolean }[] = [];
  const member = (by: string): Promise<WindowedKafkaStrategy> =>
    fixture.read(
      async ({ seq }, { partition, held }) => {
        if (seq < seqs[0]!) return;
        if (seq <= seqs.at(-1)!) {
          handled.push({ seq, by, partition, held });
          await opened;
        }
      },
      { group: 'shared', messages: ['url.submitted', 'row.joined'] },
    );
  const one = await member('one');
  const shares: (readonly number[])[] = [];
  one.onAssigned((partitions) => shares.push(partitions));
  await eventually(
    () => handled.length,
    (count) => count === 60,
  );
  const two = await member('two');
  await eventually(
    () => [one.assigned(), two.assigned()],
    ([a, b]) => a!.length === 3 && b!.length === 3,
  );
  expect(sorted([...one.assigned(), ...two.assigned()])).toEqual([0, 1, 2, 3, 4, 5]);
  expect(shares.at(-1)).toEqual(one.assigned());
  for (const message of ['url.submitted', 'row.joined'] as const)
    for (const lane of ['express', 'bulk'] as const)
      for (const partition of one.assigned())
        await eventually(
          () => one.processed(message, lane, partition),
          (processed) => processed !== undefined,
        );
  // Two reads again what one had in flight of the partitions that moved, and nothing else.
  await eventually(
    () => handled.length,
    (count) => count >= 90,
  );
  const kept = one.assigned();
  // What moved is not One's any more, what stayed is, and so is what Two has.
  for (const { by, partition, held } of handled)
    expect(held()).toBe(by === 'two' || kept.includes(partition));
  open();
  const again = handled.slice(60);
  expect(again.every(({ by, partition }) => by === 'two' && !kept.includes(partition))).toBe(true);
  await two.stop();
  await eventually(
    () => one.assigned(),
    (partitions) => partitions.length === 6,
  );
  await fixture.allProcessed(one, 'bulk');
  expect(handled).toHaveLength(90);
});

test('rights reach a session timeout beyond the last heartbeat, and end with the membership', async () => {
  const strategy = await fixture.read(async () => {}, { group: 'rights' });
  const first = strategy.rightsUntil();
  expect(first - Date.now()).toBeGreaterThan(0);
  expect(first - Date.now()).toBeLessThanOrEqual(3_000);
  await eventually(
    () => strategy.rightsUntil(),
    (until) => until > first,
    3_000,
  );
  await strategy.stop();
  expect(strategy.rightsUntil()).toBe(0);
});

import { eventually } from '@assay/testing';
import { Kafka } from 'kafkajs';
import {
  GiveUp,
  NoDeadTopics,
  placeText,
  readDeadLetters,
  returnLetter,
  rowsIn,
  type DeadLetterFound,
} from './index.js';
import { Fixture, PARTITIONS, plan } from './messaging.fixture.js';

let fixture: Fixture;
let noTopics: unknown;
beforeAll(async () => {
  fixture = await Fixture.start(async (brokers) => {
    noTopics = await readDeadLetters({ brokers }, () => undefined).catch((error: unknown) => error);
  });
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

async function lettersOf(group: string): Promise<DeadLetterFound[]> {
  const found: DeadLetterFound[] = [];
  await readDeadLetters({ brokers: fixture.brokers }, (letters) => {
    found.push(...letters.filter((letter) => letter.group === group));
  });
  return found;
}

async function groups(): Promise<string[]> {
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  const { groups: all } = await admin.listGroups();
  await admin.disconnect();
  return all.map(({ groupId }) => groupId);
}

test('without topics it says so', () => {
  expect(noTopics).toBeInstanceOf(NoDeadTopics);
});

test('without letters there is nothing to read', async () => {
  expect(await lettersOf('nobody')).toEqual([]);
});

test('a letter goes back to the group that gave up, and to no other', async () => {
  const seqs = await fixture.publishRows(60, 'express', ['dns']);
  const [bad] = seqs;
  let mended = false;
  const seen: Record<string, number[]> = { quitter: [], other: [] };
  const quitter = await fixture.read(
    async ({ seq }) => {
      if (seq === bad && !mended) throw new GiveUp('no_such_plan', 'the plan is gone');
      seen['quitter']!.push(seq);
    },
    { group: 'quitter' },
  );
  const other = await fixture.read(async ({ seq }) => void seen['other']!.push(seq), { group: 'other' });
  await fixture.allProcessed(quitter, 'express');
  await fixture.allProcessed(other, 'express');
  const [letter, ...more] = await lettersOf('quitter');
  expect(more).toEqual([]);
  expect(letter).toMatchObject({
    code: 'no_such_plan',
    attempts: 1,
    lane: 'express',
    message: 'url.submitted',
  });
  expect(letter!.origin).toMatchObject({ topic: 'url.submitted.express', partition: bad! % PARTITIONS });
  expect(rowsIn(letter!.value)).toEqual([
    { submission: plan.submission, seq: bad, url: `http://a.test/${bad}` },
  ]);

  await returnLetter(fixture.publisher, letter!);
  await fixture.allProcessed(quitter, 'express');
  const again = await lettersOf('quitter');
  expect(again.map(({ attempts, origin }) => [attempts, placeText(origin)])).toEqual([
    [1, placeText(letter!.origin)],
    [2, placeText(letter!.origin)],
  ]);

  mended = true;
  await returnLetter(fixture.publisher, again[1]!);
  await eventually(
    () => seen['quitter']!,
    (all) => all.includes(bad!),
  );
  await fixture.allProcessed(other, 'express');
  expect(seen['other']!.filter((seq) => seq === bad)).toHaveLength(1);
  expect(seen['quitter']).toHaveLength(seqs.length);
  expect(await lettersOf('quitter')).toHaveLength(2);
});

test('readers leave no group behind', async () => {
  await lettersOf('quitter');
  expect((await groups()).filter((name) => name.startsWith('assay-dead'))).toEqual([]);
});

test('what fails while letters are read reaches the caller, and ends the reading', async () => {
  const reading = readDeadLetters({ brokers: fixture.brokers }, () => Promise.reject(new Error('no room')));
  await expect(reading).rejects.toThrow('no room');
});

import { CATALOGUE, MAX_MESSAGE_BYTES, type Plan } from '@assay/contracts';
import { placeText, readDeadLetters, returnLetter, rowsIn, type DeadLetterFound } from '@assay/messaging';
import { eventually } from '@assay/testing';
import { FetcherFixture, hosts, newPlan } from '../fetcher.fixture.js';

const ROWS = 20;
const HOST = 'bulky.test';

let fixture: FetcherFixture;
beforeAll(async () => {
  fixture = await FetcherFixture.start();
});
afterAll(() => fixture?.stop());

async function letters(): Promise<DeadLetterFound[]> {
  const all: DeadLetterFound[] = [];
  await readDeadLetters({ brokers: fixture.brokers }, (some) => void all.push(...some));
  return all;
}

async function parked(): Promise<string[]> {
  const { rows } = await fixture.database.query<{ seq: string }>({ text: 'SELECT seq FROM parked' });
  return rows.map(({ seq }) => seq);
}

/** Fills a message that just passes; a cell with this plan does not. */
function fullPlan(plan: Plan): Plan {
  const room = MAX_MESSAGE_BYTES - JSON.stringify(plan).length - 200;
  return { ...plan, asks: { ...plan.asks, ['x'.repeat(room)]: 0 } };
}

test('a parked cell that is given up leaves a dead letter that can be returned, and no other cell suffers', async () => {
  await fixture.fetcher({ providers: [hosts] });
  const now = Date.now();
  const times = { round1At: now + 80_000, deadlineAt: now + 85_000, patienceMs: 70_000 };
  const plan = newPlan({ asks: { hosts: 0, other: 0 }, ...times });
  const full = fullPlan(newPlan({ asks: { hosts: 0 }, ...times }));
  for (let seq = 0; seq < ROWS; seq++) await fixture.submit(plan, seq, HOST, 'bulk');
  const row = { seq: 1, url: `https://${HOST}/full`, host: HOST, domain: HOST };
  await fixture.publisher.publish('url.submitted', 'bulk', 1, { v: 1, plan: full, ...row }, ['hosts']);
  await eventually(parked, (seqs) => seqs.length > 0);
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === ROWS,
    40_000,
  );
  const [letter, ...more] = await eventually(letters, ({ length }) => length > 0);
  expect(await eventually(parked, ({ length }) => length === 0)).toEqual([]);
  expect(more).toEqual([]);
  expect(letter).toMatchObject({
    ...{ message: 'url.submitted', lane: 'bulk', group: 'fetcher.hosts', code: 'too_large', attempts: 1 },
    origin: { topic: 'url.submitted.bulk', partition: 1, offset: '-1' },
  });
  expect(rowsIn(letter!.value)).toEqual([{ submission: full.submission, seq: 1, url: row.url }]);
  const value: unknown = JSON.parse(String(letter!.value));
  expect(CATALOGUE['url.submitted'].check(value)).toBe(true);
  expect(value).toMatchObject({ ...row, plan: { asks: full.asks, only: ['hosts'] } });

  // Nothing is mended: the same reader takes it, and gives up again.
  await returnLetter(fixture.publisher, letter!);
  const [, second] = await eventually(letters, ({ length }) => length > 1);
  expect([second!.attempts, placeText(second!.origin), second!.group]).toEqual([
    2,
    'url.submitted.bulk:1:-1',
    'fetcher.hosts',
  ]);
});

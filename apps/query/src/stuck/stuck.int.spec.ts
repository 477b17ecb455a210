import type { StuckRow, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { all, expectProblem, json, runningQuery } from '../../test/running-query.js';
import { A, B, sample } from '../../test/sample.js';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery(sample);
}, 60_000);
afterAll(() => query?.stop());

const reconciled = async (id: string) =>
  (await json<SubmissionView>(`${query.url}/v1/submissions/${id}`)).reconciled;
const metrics = async () =>
  (await (await fetch(`${query.url}/metrics`)).text())
    .split('\n')
    .filter((line) => /^assay_(reconciled|stuck)_rows/.test(line));

test('in quiet runs all of it is 0', async () => {
  expect(await reconciled(A)).toEqual({ rows: 0, stuck: 0 });
  expect(await metrics()).toEqual(['assay_reconciled_rows_total 0', 'assay_stuck_rows 0']);
  expect(await json(`${query.url}/v1/submissions/${A}/stuck`)).toEqual({ items: [], next: null });
});

test('what was taken up again is counted, what is stuck listed until it is final', async () => {
  const dead = { topic: 'row.joined.dead', partition: 3, offset: 41, at: 0, code: 'answer_missing' };
  const letter = { ...dead, reason: 'answer x is not stored', group: 'store' };
  // 1 and 2 are final: one was taken up once, one was stuck and came by a replay. 4, 5 and 6 are not.
  await query.client.query({
    text: `INSERT INTO reconciled_row (submission, chunk, seq, gen, takes, taken_at, stuck_at, sought_at, dead)
      SELECT $1, chunk, seq, 0, takes, '2026-01-01Z', CASE takes WHEN 3 THEN '2026-01-02Z'::timestamptz END, now(), dead
      FROM (VALUES (0, 1, 1, NULL), (0, 2, 3, NULL), (0, 4, 3, $2::json), (0, 5, 3, NULL), (1, 5, 3, NULL), (0, 6, 2, NULL))
        AS r(chunk, seq, takes, dead)`,
    values: [A, JSON.stringify(letter)],
  });
  expect(await reconciled(A)).toEqual({ rows: 5, stuck: 2 });
  expect(await reconciled(B)).toEqual({ rows: 0, stuck: 0 });
  const listed = await all<StuckRow>(`${query.url}/v1/submissions/${A}/stuck?limit=1`);
  expect(listed).toEqual([
    {
      ...{ seq: 4, url: 'https://three.example/', since: '2026-01-02T00:00:00.000Z', takes: 3 },
      deadLetter: { ...letter, at: '1970-01-01T00:00:00.000Z' },
    },
    { seq: 5, url: 'https://four.example/', since: '2026-01-02T00:00:00.000Z', takes: 3, deadLetter: null },
  ]);
});

test('the series count every row of every dispatch', async () => {
  const series = await eventually(metrics, ([first]) => first !== 'assay_reconciled_rows_total 0');
  expect(series).toEqual(['assay_reconciled_rows_total 6', 'assay_stuck_rows 3']);
});

test('an unknown submission is a 404, a foreign cursor a 400', async () => {
  await expectProblem(
    await fetch(`${query.url}/v1/submissions/019b0000-0000-7000-8000-0000000000ff/stuck`),
    404,
  );
  const rejected = Buffer.from('rejected:1').toString('base64url');
  await expectProblem(await fetch(`${query.url}/v1/submissions/${A}/stuck?after=${rejected}`), 400);
});

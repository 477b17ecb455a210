import { expectProblem, json, runningQuery } from '../../test/running-query.js';
import { A, B, sample } from '../../test/sample.js';
import type { CostView } from './cost-shape.js';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery(sample);
  // One call for both, one that was not billed, one that is in flight still.
  await query.client.query(
    `INSERT INTO call (id, provider, limit_key, requests, units, class, cost_micro_usd, started_at, ended_at, charged)
     VALUES ('00000000-0000-7000-8000-000000000001', 'moz', 'moz', 1, 3, 'ok', 15000, now(), now(), 'yes'),
       ('00000000-0000-7000-8000-000000000002', 'moz', 'moz', 1, 2, 'rate_limited', 0, now(), now(), 'no'),
       ('00000000-0000-7000-8000-000000000003', 'dataforseo', 'dataforseo', 4, 1, NULL, 80120, now(), NULL, 'unknown')`,
  );
  await query.client.query(
    `INSERT INTO call_share (call, submission, units, cost_micro_usd)
     VALUES ('00000000-0000-7000-8000-000000000001', $1, 2, 10000),
       ('00000000-0000-7000-8000-000000000001', $2, 1, 5000),
       ('00000000-0000-7000-8000-000000000002', $1, 2, 0),
       ('00000000-0000-7000-8000-000000000003', $1, 1, 80120)`,
    [A, B],
  );
}, 60_000);
afterAll(() => query?.stop());

test('what a submission cost, by provider and in total, its share of shared calls only', async () => {
  const cost = await json<CostView>(`${query.url}/v1/submissions/${A}/cost`);
  const none = { calls: 0, price: 0 };
  expect(cost).toEqual({
    submission: A,
    total: {
      calls: 3,
      requests: 6,
      units: 5,
      price: 0.09012,
      charged: {
        yes: { calls: 1, price: 0.01 },
        no: { calls: 1, price: 0 },
        unknown: { calls: 1, price: 0.08012 },
      },
    },
    providers: [
      {
        provider: 'dataforseo',
        calls: 1,
        requests: 4,
        units: 1,
        price: 0.08012,
        charged: { yes: none, no: none, unknown: { calls: 1, price: 0.08012 } },
      },
      {
        provider: 'moz',
        calls: 2,
        requests: 2,
        units: 4,
        price: 0.01,
        charged: { yes: { calls: 1, price: 0.01 }, no: { calls: 1, price: 0 }, unknown: none },
      },
    ],
    note: expect.stringContaining('without a price') as string,
  });
  expect((await json<CostView>(`${query.url}/v1/submissions/${B}/cost`)).total).toMatchObject({
    calls: 1,
    units: 1,
    price: 0.005,
  });
});

test('an id that is none, and one that nobody knows', async () => {
  await expectProblem(await fetch(`${query.url}/v1/submissions/nothing/cost`), 400);
  await expectProblem(
    await fetch(`${query.url}/v1/submissions/019b0000-0000-7000-8000-0000000000ff/cost`),
    404,
  );
});

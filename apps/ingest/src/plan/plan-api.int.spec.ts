import type { Ceilings, Problem, SubmissionPlan } from '@assay/contracts';
import { IngestFixture, post, postJson, urls } from '../ingest.fixture.js';
import type { RunningIngest } from '../start-ingest.js';

let fixture: IngestFixture;
let ingest: RunningIngest;

beforeAll(async () => {
  fixture = await IngestFixture.start();
  ingest = await fixture.ingest({ MOZ_TOKEN: 'x', WEBRISK_KEY: 'x' });
});
afterAll(async () => fixture?.stop());

const at = (id: string, path: string) => `${ingest.url}/v1/submissions/${id}/${path}`;
const move = (id: string, path: string, body: string | null = null) =>
  fetch(at(id, path), { method: 'POST', body, headers: { 'content-type': 'application/json' } });
const planOf = async (id: string) => {
  const answer = await fetch(at(id, 'plan'));
  return { status: answer.status, body: (await answer.json()) as SubmissionPlan & Problem };
};
const dispatchedOf = (id: string) => fixture.seen.filter(({ message }) => message.plan.submission === id);
const UNKNOWN = '01900000-0000-7000-8000-0000000000ff';

test('plan=only keeps the list, answers its plan, and nothing is dispatched until it is started', async () => {
  const query = '?plan=only&providers=webrisk,dns&maxPrice=5&maxCalls.webrisk=100';
  const answer = await post(ingest, [...urls(20, 10), 'nonsense'].join('\n'), 'text/plain', query);
  const plan = answer.accepted as unknown as SubmissionPlan;
  expect(answer.status).toBe(200);
  expect(answer.response.headers.get('location')).toBe(plan.links.self);
  expect(plan).toMatchObject({
    state: 'paused',
    rows: 20,
    counts: { lines: 21, rejected: 1 },
    exact: true,
    ceilings: { maxPrice: 5, providers: { webrisk: { maxCalls: 100 } } },
  });
  expect(plan.providers.map(({ provider, calls }) => [provider, calls.likely])).toEqual([
    ['dns', 50],
    ['webrisk', 20],
  ]);
  expect((await planOf(plan.id)).body.calls).toEqual(plan.calls);
  expect([dispatchedOf(plan.id), await fixture.state(plan.id)]).toEqual([[], 'paused']);
  expect(await (await move(plan.id, 'start')).json()).toMatchObject({ state: 'running' });
  const seen = await fixture.dispatched(plan.id, 20);
  expect(seen.every(({ message }) => message.plan.capped === true)).toBe(true);
  const late = await planOf(plan.id);
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('on their way already')]);
});

test('plan stands beside urls as well; a list without ceilings is not capped', async () => {
  const answer = await postJson(ingest, { urls: urls(3), providers: ['dns'], plan: 'only' });
  const plan = answer.accepted as unknown as SubmissionPlan;
  expect([answer.status, plan.state, plan.exact, plan.ceilings]).toEqual([200, 'paused', true, null]);
  await move(plan.id, 'start');
  const [seen] = await fixture.dispatched(plan.id, 3);
  expect(seen!.message.plan.capped).toBeUndefined();
});

test('a list of which nothing is usable plans nothing', async () => {
  const answer = await postJson(ingest, { urls: ['nope'], plan: 'only' });
  expect(answer.accepted).toMatchObject({ state: 'complete', rows: 0, calls: { max: 0 }, endS: 0 });
});

test('ceilings are raised, lowered and lifted; rows go on being counted', async () => {
  const list = { urls: urls(3), providers: ['webrisk'], plan: 'only', ceilings: { maxCalls: 2 } };
  const { accepted } = await postJson(ingest, list);
  const plan = (accepted as unknown as SubmissionPlan).providers[0]!;
  expect([plan.calls.likely, (accepted as unknown as SubmissionPlan).calls.likely]).toEqual([3, 2]);
  expect((accepted as unknown as SubmissionPlan).skipped).toEqual([
    expect.stringContaining('The ceiling of 2 calls is below the 3 that are likely'),
  ]);
  const raised: Ceilings = { maxPrice: 0.25, providers: { webrisk: { maxCalls: 9 } } };
  const answer = await move(accepted.id, 'ceilings', JSON.stringify(raised));
  expect([answer.status, await answer.json()]).toEqual([200, raised]);
  const stored = await fixture.database.query<{ ceilings: object }>({
    text: 'SELECT ceilings FROM submission WHERE id = $1',
    values: [accepted.id],
  });
  expect(stored.rows[0]!.ceilings).toEqual({ microUsd: 250_000, providers: { webrisk: { calls: 9 } } });
  expect(await (await move(accepted.id, 'ceilings', '{}')).json()).toEqual({});
  await move(accepted.id, 'start');
  const seen = await fixture.dispatched(accepted.id, 3);
  expect(seen.every(({ message }) => message.plan.capped === true)).toBe(true);
  expect((await move(accepted.id, 'ceilings', '{"maxCalls":1}')).status).toBe(200);
});

test('a ceiling that comes after rows went out without one is refused', async () => {
  const { accepted } = await postJson(ingest, { urls: urls(2), providers: ['dns'] });
  await fixture.dispatched(accepted.id, 2);
  const answer = await move(accepted.id, 'ceilings', '{"maxCalls":1}');
  expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
    409,
    expect.stringContaining('set ceilings before the start'),
  ]);
});

test.each([
  ['no JSON', 'maxPrice=5', /Send ceilings as JSON/],
  ['nothing', null, /Send ceilings as JSON/],
  ['a list', '[]', /^body: must be an object\. Send ceilings as JSON/],
  ['a price below zero', '{"maxPrice":-1}', /maxPrice: must be >= 0/],
  [
    'an unknown name',
    '{"maxCost":1}',
    /^body: there is no "maxCost"\. Known: maxPrice, maxCalls, providers\. Send/,
  ],
  ['an unknown provider', '{"providers":{"mox":{"maxCalls":1}}}', /"mox", which is not asked. Asked: dns/],
  ['far too much', `{"providers":{"${'x'.repeat(70_000)}":{}}}`, /Send ceilings as JSON/],
])('ceilings with %s are refused', async (_, body, detail) => {
  const { accepted } = await postJson(ingest, { urls: urls(1), providers: ['dns'], plan: 'only' });
  const answer = await move(accepted.id, 'ceilings', body);
  expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
    400,
    expect.stringMatching(detail),
  ]);
});

test.each([
  ['?refresh=true&maxAgeMs=5', /refresh/],
  ['?plan=yes', /plan/],
  ['?maxPrice=many', /ceilings\.maxPrice/],
  ['?providers=dns&maxCalls.moz=3', /ceiling for "moz", which is not asked. Asked: dns/],
])('%s is refused and leaves nothing', async (query, detail) => {
  const before = await fixture.kept();
  const { status, problem } = await post(ingest, 'https://a.example/', 'text/plain', query);
  expect([status, problem.detail, await fixture.kept()]).toEqual([
    400,
    expect.stringMatching(detail),
    before,
  ]);
});

test('there is no plan and there are no ceilings of what is not there', async () => {
  for (const id of ['nope', UNKNOWN]) {
    expect((await planOf(id)).status).toBe(404);
    expect((await move(id, 'ceilings', '{}')).status).toBe(404);
  }
});

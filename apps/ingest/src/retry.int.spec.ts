import { randomUUID } from 'node:crypto';
import type { JoinedCell, RetryAccepted } from '@assay/contracts';
import { builtInProviders } from '@assay/providers';
import { eventually } from '@assay/testing';
import { claimChunk } from './dispatch/claim-chunk.js';
import { IngestFixture, PARTITIONS, post, urls, type Seen, type StoredRow } from './ingest.fixture.js';
import type { RunningIngest } from './start-ingest.js';

let fixture: IngestFixture;
let ingest: RunningIngest;

beforeAll(async () => {
  fixture = await IngestFixture.start();
  ingest = await start();
});
afterAll(async () => fixture?.stop());

const start = () => fixture.ingest({ IN_FLIGHT_ROWS: '500', DISPATCH_LEASE_MS: '300' });

const AT = 1_000;
const ok: JoinedCell = { gen: 0, outcome: 'ok', at: AT, answer: '019b0000-0000-7000-8000-0000000000aa' };
const failed = (detail: JoinedCell['detail'] = 'timeout'): JoinedCell => ({
  ...{ gen: 0, outcome: 'failed', at: AT },
  ...(detail && { detail }),
});
const skipped = (detail: JoinedCell['detail']): JoinedCell => ({ ...failed(detail), outcome: 'skipped' });

/** Rows by line; `last` of page on line 6 decides, not its value. */
const CELLS: Record<string, JoinedCell>[] = [
  { page: ok, dns: ok, 'rdap.final': ok },
  { page: ok, dns: failed('timeout'), 'rdap.final': ok },
  { page: ok, dns: failed('server'), 'rdap.final': skipped('quota') },
  { page: failed('network'), dns: ok, 'rdap.final': skipped('no_fact') },
  { page: { ...ok, outcome: 'absent' }, dns: skipped('expired'), 'rdap.final': failed('timeout') },
  { page: { ...ok, last: { ...failed('timeout'), gen: 1 } }, dns: ok, 'rdap.final': skipped('cancelled') },
];

async function complete(rows: readonly StoredRow[]): Promise<string> {
  const list = urls(rows.length).join('\n');
  const { accepted } = await post(ingest, list, 'text/plain', '?providers=page,dns,rdap&lane=bulk');
  await fixture.dispatched(accepted.id, Math.min(500, rows.length));
  await fixture.storeRows(accepted.id, rows);
  await eventually(
    () => fixture.state(accepted.id),
    (state) => state === 'complete',
  );
  return accepted.id;
}
const sample = () => complete(CELLS.map((cells, at) => ({ seq: at + 1, cells })));

type Answer = RetryAccepted & { status: number; detail: string };

async function retry(id: string, filter?: unknown): Promise<Answer> {
  const response = await fetch(`${ingest.url}/v1/submissions/${id}/retry`, {
    method: 'POST',
    ...(filter !== undefined && { body: typeof filter === 'string' ? filter : JSON.stringify(filter) }),
  });
  return { status: response.status, ...((await response.json()) as RetryAccepted & { detail: string }) };
}

async function raised(id: string, gen = 1): Promise<Record<number, string>> {
  const { rows } = await fixture.database.query<{ seq: number; asks: string[] }>({
    text: 'SELECT seq::int, asks FROM retry_row WHERE submission = $1 AND gen = $2 ORDER BY seq',
    values: [id, gen],
  });
  return Object.fromEntries(rows.map(({ seq, asks }) => [seq, asks.join()]));
}

const retried = async (id: string, rows: number): Promise<Seen[]> =>
  eventually(
    () => fixture.seen.filter(({ message: { plan } }) => plan.submission === id && plan.only !== undefined),
    (seen) => seen.length >= rows,
  );

const PAGE = 'page,rdap.final';
test.each([
  [
    'nothing: failed and skipped, but for reasons that last',
    undefined,
    { 2: 'dns', 3: 'dns,rdap.final', 4: PAGE, 5: 'dns,rdap.final', 6: PAGE },
  ],
  ['an outcome', { outcomes: ['failed'] }, { 2: 'dns', 3: 'dns', 4: PAGE, 5: 'rdap.final', 6: PAGE }],
  ['measured cells too', { outcomes: ['ok'], asks: ['dns'] }, { 1: 'dns', 4: 'dns', 6: 'dns' }],
  ['a class', { classes: ['timeout'] }, { 2: 'dns', 5: 'rdap.final', 6: PAGE }],
  ['a reason', { reasons: ['quota'] }, { 3: 'rdap.final' }],
  ['a lasting reason, named', { reasons: ['no_fact', 'cancelled'] }, { 4: 'rdap.final', 6: 'rdap.final' }],
  ['an ask', { asks: ['rdap.final'] }, { 3: 'rdap.final', 5: 'rdap.final' }],
  ['a provider', { providers: ['dns'] }, { 2: 'dns', 3: 'dns', 5: 'dns' }],
  [
    'all at once',
    {
      outcomes: ['failed', 'skipped'],
      classes: ['timeout'],
      reasons: ['expired'],
      asks: ['dns'],
      providers: ['dns'],
    },
    { 2: 'dns', 5: 'dns' },
  ],
] as const)('retry by %s', async (_, filter, expected) => {
  const id = await sample();
  const cells = Object.values(expected).join().split(',').length;
  const rows = Object.keys(expected).length;
  expect(await retry(id, filter)).toMatchObject({ status: 202, id, state: 'running', gen: 1, rows, cells });
  expect(await raised(id)).toEqual(expected);
  expect(await retried(id, rows)).toHaveLength(rows);
});

test('each row goes out with its whole plan, the raised asks in their gen, and only those of round one to fetchers', async () => {
  const id = await sample();
  const first = (await fixture.dispatched(id, 6))[0]!.message.plan;
  await retry(id);
  const seen = await retried(id, 5);
  const plan = (seq: number) => seen.find(({ message }) => message.seq === seq)!.message.plan;
  const asks = { page: 0, dns: 0, rdap: 0, 'rdap.final': 0 };
  expect(plan(2)).toMatchObject({ asks: { ...asks, dns: 1 }, only: ['dns'] });
  expect(plan(3)).toMatchObject({ asks: { ...asks, dns: 1, 'rdap.final': 1 }, only: ['dns'] });
  expect(plan(4)).toMatchObject({ asks: { ...asks, page: 1, 'rdap.final': 1 }, only: ['page'] });
  expect(plan(2).dispatchedAt).toBeGreaterThan(first.dispatchedAt);
  // A retry asks anew: what was fetched for the list before it does not count.
  expect([first.freshFrom, plan(2).freshFrom]).toEqual([first.dispatchedAt, plan(2).dispatchedAt]);
  // What is raised only because its page is asked again does: with the same unit it is not bought twice.
  expect(plan(4).freshFromOf).toEqual({ 'rdap.final': first.dispatchedAt });
  expect([plan(2), plan(3)].map(({ freshFromOf }) => freshFromOf)).toEqual([undefined, undefined]);
  expect(plan(2).deadlineAt - plan(2).dispatchedAt).toBe(first.deadlineAt - first.dispatchedAt);
  expect(fixture.headers).toContainEqual(['dns']);
});

test('of round two alone: no fetcher of round one wants it', async () => {
  const id = await sample();
  const before = fixture.headers.filter((asks) => asks.length === 0).length;
  await retry(id, { asks: ['rdap.final'] });
  expect((await retried(id, 2)).map(({ message }) => message.plan.only)).toEqual([[], []]);
  expect(fixture.headers.filter((asks) => asks.length === 0)).toHaveLength(before + 2);
});

test('it is complete again when its rows are final in the new gen; then the next retry is another gen', async () => {
  const id = await sample();
  await retry(id, { asks: ['dns'], classes: ['server'] });
  await retried(id, 1);
  expect(await retry(id)).toMatchObject({
    status: 409,
    detail: expect.stringContaining('0 of 1 rows') as string,
  });
  await fixture.storeRows(id, [{ seq: 3, state: 'partial', gen: 1, cells: CELLS[2]! }]);
  await retried(await sample().then(async (other) => (await retry(other), other)), 5);
  expect(await fixture.state(id)).toBe('running');
  await fixture.storeRows(id, [{ seq: 3, gen: 1, cells: { ...CELLS[2]!, dns: { ...ok, gen: 1 } } }]);
  await eventually(
    () => fixture.state(id),
    (state) => state === 'complete',
  );
  expect(await retry(id)).toMatchObject({ status: 202, gen: 2, rows: 5 });
  expect(await raised(id, 2)).toMatchObject({ 3: 'rdap.final' });
  expect((await retried(id, 6)).at(-1)!.message.plan.asks).toMatchObject({ rdap: 0 });
});

test('a row that is not final is left alone', async () => {
  const id = await sample();
  await fixture.storeRows(id, [{ seq: 2, state: 'partial', cells: CELLS[1]! }]);
  await retry(id, { providers: ['dns'] });
  expect(Object.keys(await raised(id))).toEqual(['3', '5']);
});

test.each([
  [{ classes: ['malformed'] }, 409, /no final row has a cell that matches/],
  [{ classes: ['slow'] }, 400, /no "slow" among classes/],
  [{ asks: ['moz.url'] }, 400, /no ask "moz.url".*page/],
  [{ providers: ['moz'] }, 400, /no provider "moz"/],
  ['{', 400, /not JSON/],
  [`{"asks":["${'x'.repeat(70_000)}"]}`, 413, /64 KB/],
] as const)('what cannot be done is said, and nothing changes: %j', async (filter, status, words) => {
  const id = await sample();
  expect(await retry(id, filter)).toMatchObject({ status, detail: expect.stringMatching(words) as string });
  expect([await fixture.state(id), await raised(id)]).toEqual(['complete', {}]);
});

test('an unknown submission is a 404', async () => {
  expect((await retry('019b0000-0000-7000-8000-00000000ffff')).status).toBe(404);
  expect((await retry('nonsense')).status).toBe(404);
});

/** A long list whose every row has one cell that failed. */
const long = (count: number) =>
  complete(Array.from({ length: count }, (_, at) => ({ seq: at + 1, cells: { dns: failed() } })));

test('no more retried rows are in flight than allowed; cancelled, the rest is final as it is', async () => {
  const id = await long(500);
  await fixture.database.query({
    text: `UPDATE submission SET accepted = 1200, lines = 1200, dispatched = 1200 WHERE id = $1`,
    values: [id],
  });
  await fixture.database.query({
    text: `INSERT INTO submission_line SELECT submission, seq + n, url, host, domain, bucket, turn, NULL
      FROM submission_line, unnest(ARRAY[500, 1000]) n WHERE submission = $1 AND seq + n <= 1200`,
    values: [id],
  });
  const rows = Array.from({ length: 1_200 }, (_, at) => ({ seq: at + 1, cells: { dns: failed() } }));
  await fixture.storeRows(id, rows);
  expect(await retry(id)).toMatchObject({ status: 202, rows: 1_200, cells: 1_200 });
  await retried(id, 500);
  const other = await sample();
  await retry(other);
  await retried(other, 5);
  expect(await retried(id, 500)).toHaveLength(500);
  await fixture.storeRows(
    id,
    rows.slice(0, 500).map((row) => ({ ...row, gen: 1 })),
  );
  expect(await retried(id, 1_000)).toHaveLength(1_000);
  await fetch(`${ingest.url}/v1/submissions/${id}/cancel`, { method: 'POST' });
  expect(Object.keys(await raised(id))).toHaveLength(1_000);
  await fixture.storeRows(
    id,
    rows.slice(500, 1_000).map((row) => ({ ...row, gen: 1 })),
  );
  await fixture.completed(id);
  expect([await fixture.state(id), (await retried(id, 1_000)).length]).toEqual(['cancelled', 1_000]);
});

test('what a killed ingest claimed of a retry and never sent is sent by another, word for word', async () => {
  const id = await long(150);
  await fixture.stopIngests();
  await fixture.database.transaction(async (client) => {
    await client.query({
      text: `INSERT INTO retry_row SELECT $1, 1, seq, ARRAY['dns'] FROM url_row WHERE submission = $1`,
      values: [id],
    });
    await client.query({
      text: `UPDATE submission SET gen = 1, retry_rows = 150, state = 'running', completed_at = NULL WHERE id = $1`,
      values: [id],
    });
  });
  const by = { owner: randomUUID(), partitions: PARTITIONS, leaseMs: 300, inFlightRows: 500 };
  const owed = (await fixture.database.transaction((client) => claimChunk(client, id, by)))!;
  expect([owed.gen, owed.rows.length]).toEqual([1, 150]);
  ingest = await start();
  const seen = await retried(id, 150);
  const plan = { ...owed.plan, asks: { ...owed.plan.asks, dns: 1 }, only: ['dns'] };
  expect(seen.map(({ message }) => message.plan)).toEqual(Array(150).fill(plan));
  expect(new Set(seen.map(({ message }) => message.seq)).size).toBe(150);
});

test('the providers of these specs ask as these specs say', () => {
  const asks = builtInProviders
    .filter(({ id }) => ['page', 'dns', 'rdap'].includes(id))
    .flatMap((one) => one.asks);
  expect(asks.filter(({ needs }) => needs?.from === 'page').map(({ id }) => id)).toEqual(['rdap.final']);
});

import { randomUUID } from 'node:crypto';
import { partitionOf } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { claimChunk } from './dispatch/claim-chunk.js';
import type { Dispatch } from './dispatch/dispatch-plan.js';
import { markSent, takeOwed } from './dispatch/owed-dispatches.js';
import { counts, IngestFixture, PARTITIONS, post, postJson, urls, type Seen } from './ingest.fixture.js';
import type { RunningIngest } from './start-ingest.js';

let fixture: IngestFixture;

beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterEach(() => fixture.stopIngests());
afterAll(async () => fixture?.stop());

const seqs = (seen: Seen[]) => seen.map(({ message }) => message.seq).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

async function move(ingest: RunningIngest, id: string, to: string): Promise<number> {
  return (await fetch(`${ingest.url}/v1/submissions/${id}/${to}`, { method: 'POST' })).status;
}

interface DispatchRow {
  chunk: number;
  row_count: number;
  lease_owner: string;
  sent: boolean;
}

async function dispatches(id: string): Promise<DispatchRow[]> {
  const found = await fixture.database.query<DispatchRow>({
    text: `SELECT chunk, row_count, lease_owner, sent_at IS NOT NULL AS sent FROM dispatch
      WHERE submission = $1 ORDER BY chunk`,
    values: [id],
  });
  return found.rows;
}

test('two ingests share one list: each accepted row once, on the partition of its domain, hosts in turns', async () => {
  const [one, two] = [await fixture.ingest(), await fixture.ingest()];
  // Every 20th URL stands twice in a row: 6,300 lines.
  const twice = urls(6_000, 40).flatMap((url, n) => (n % 20 === 0 ? [url, url] : [url]));
  const { accepted } = await post(one, twice.join('\n'));
  expect(accepted.counts).toEqual(counts(6_000, 300));
  const seen = await fixture.dispatched(accepted.id, 6_000);
  expect(seqs(seen)).toEqual(upTo(6_300).filter((seq) => twice.indexOf(twice[seq - 1]!) === seq - 1));
  for (const { message, context } of seen)
    expect(context.partition).toBe(partitionOf(message.domain, 0, PARTITIONS));
  const sent = await eventually(
    () => dispatches(accepted.id),
    (rows) => rows.every((row) => row.sent),
  );
  expect(sent.map((row) => row.row_count)).toEqual(Array.from({ length: 12 }, () => 500));
  expect(new Set(sent.map((row) => row.lease_owner)).size).toBe(2);
  const first = seen
    .filter(({ message }) => message.plan.dispatchedAt === earliest(seen))
    .map(({ message }) => message.host);
  expect(new Set(first).size).toBe(40);
  expect(await move(two, accepted.id, 'pause')).toBe(200);
});

function earliest(seen: Seen[]): number {
  return Math.min(...seen.map(({ message }) => message.plan.dispatchedAt));
}

test('rows of one large domain spread over buckets', async () => {
  const ingest = await fixture.ingest();
  const list = Array.from({ length: 2_500 }, (_, n) => `https://h${n % 7}.big.example/${n}`);
  const { accepted } = await post(ingest, list.join('\n'));
  const seen = await fixture.dispatched(accepted.id, 2_500);
  const expected = [0, 1, 2].map((bucket) => partitionOf('big.example', bucket, PARTITIONS));
  expect(new Set(seen.map(({ context }) => context.partition))).toEqual(new Set(expected));
  await eventually(
    () => dispatches(accepted.id),
    (rows) => rows.every((row) => row.sent),
  );
});

test('no more rows are in flight than allowed; finals make room; the last final ends the submission', async () => {
  const ingest = await fixture.ingest({ IN_FLIGHT_ROWS: '1000' });
  const { accepted } = await post(ingest, urls(2_200).join('\n'));
  expect(seqs(await fixture.dispatched(accepted.id, 1_000))).toHaveLength(1_000);
  const small = await postJson(ingest, { urls: urls(3) });
  await fixture.dispatched(small.accepted.id, 3);
  expect(await fixture.dispatched(accepted.id, 1_000)).toHaveLength(1_000);
  await fixture.countFinal(accepted.id, 700);
  await fixture.dispatched(accepted.id, 1_500);
  await fixture.countFinal(accepted.id, 2_199);
  expect(seqs(await fixture.dispatched(accepted.id, 2_200))).toEqual(upTo(2_200));
  expect(await fixture.state(accepted.id)).toBe('running');
  await fixture.countFinal(accepted.id, 2_200);
  await eventually(
    () => fixture.state(accepted.id),
    (state) => state === 'complete',
  );
  expect(await move(ingest, accepted.id, 'pause')).toBe(409);
});

test('a paused submission stands still and goes on where it was', async () => {
  const ingest = await fixture.ingest({ IN_FLIGHT_ROWS: '500' });
  const { accepted } = await post(ingest, urls(1_000).join('\n'));
  await fixture.dispatched(accepted.id, 500);
  expect(await move(ingest, accepted.id, 'pause')).toBe(200);
  await fixture.countFinal(accepted.id, 500);
  // A later list through the same loop shows that the dispatcher had its turn.
  const other = await post(ingest, urls(200).join('\n'), 'text/plain', '?lane=bulk');
  await fixture.dispatched(other.accepted.id, 200);
  expect(await fixture.dispatched(accepted.id, 500)).toHaveLength(500);
  expect(await move(ingest, accepted.id, 'resume')).toBe(200);
  expect(seqs(await fixture.dispatched(accepted.id, 1_000))).toEqual(upTo(1_000));
});

/** Stands in for a process that is killed between the claim and the produce. */
async function claimAndDie(id: string): Promise<Dispatch> {
  const claimed = await fixture.database.transaction((client) =>
    claimChunk(client, id, {
      owner: randomUUID(),
      partitions: PARTITIONS,
      leaseMs: 300,
      inFlightRows: 20_000,
    }),
  );
  return claimed!;
}

async function spooledOnly(count: number): Promise<string> {
  const ingest = await fixture.ingest();
  const { accepted } = await post(ingest, urls(count).join('\n'), 'text/plain', '?lane=express');
  await fixture.dispatched(accepted.id, count);
  await fixture.stopIngests();
  await fixture.database.query({
    text: `WITH gone AS (DELETE FROM dispatch WHERE submission = $1)
      UPDATE submission SET dispatched = 0, cursor_turn = -1, cursor_seq = -1 WHERE id = $1`,
    values: [accepted.id],
  });
  fixture.seen.length = 0;
  return accepted.id;
}

test('while one process claims from a submission, another leaves it alone', async () => {
  const id = await spooledOnly(700);
  const by = { owner: randomUUID(), partitions: PARTITIONS, leaseMs: 60_000, inFlightRows: 20_000 };
  const [held, meanwhile] = await fixture.database.transaction(async (one) => {
    const first = await claimChunk(one, id, by);
    const second = await fixture.database.transaction(async (two) => {
      await two.query(`SET LOCAL lock_timeout = '2s'`);
      return claimChunk(two, id, by);
    });
    return [first, second];
  });
  const next = await fixture.database.transaction((client) => claimChunk(client, id, by));
  expect([held?.rows.length, meanwhile, next?.rows.length]).toEqual([500, undefined, 200]);
  expect(new Set([held, next].flatMap((dispatch) => dispatch!.rows.map(({ seq }) => seq))).size).toBe(700);
});

test('what a killed ingest claimed and never sent is sent by another, word for word', async () => {
  const id = await spooledOnly(150);
  const owed = await claimAndDie(id);
  await fixture.ingest({ DISPATCH_LEASE_MS: '300' });
  const seen = await fixture.dispatched(id, 150);
  expect(seqs(seen)).toEqual(upTo(150));
  expect(seen.map(({ message }) => message.plan)).toEqual(seen.map(() => owed.plan));
  expect(
    await eventually(
      () => dispatches(id),
      ([row]) => row!.sent,
    ),
  ).toHaveLength(1);
});

test('every chunk says when the first of its list went out, and says the same when it is sent again', async () => {
  const id = await spooledOnly(700);
  const owed = [await claimAndDie(id), await claimAndDie(id)];
  const { dispatchedAt } = owed[0]!.plan;
  expect(owed.map(({ plan }) => plan.freshFrom)).toEqual([dispatchedAt, dispatchedAt]);
  expect(owed[1]!.plan.dispatchedAt).toBeGreaterThan(dispatchedAt);
  await fixture.ingest({ DISPATCH_LEASE_MS: '300' });
  const seen = await fixture.dispatched(id, 700);
  for (const { message } of seen) expect(owed.map(({ plan }) => plan)).toContainEqual(message.plan);
});

test('owed for longer than round one: the same dispatch with new deadlines', async () => {
  const id = await spooledOnly(120);
  const owed = await claimAndDie(id);
  await fixture.database.query({
    text: `UPDATE dispatch SET round1_at = dispatched_at, deadline_at = dispatched_at WHERE submission = $1`,
    values: [id],
  });
  await fixture.ingest({ DISPATCH_LEASE_MS: '300' });
  const [{ message }] = (await fixture.dispatched(id, 120)) as [Seen];
  expect(message.plan.dispatchedAt).toBe(owed.plan.dispatchedAt);
  expect(message.plan.deadlineAt - message.plan.round1At).toBe(40_000);
  expect(message.plan.round1At).toBeGreaterThan(owed.plan.round1At);
});

test('cancelled while it was owed: it goes out as cancelled, for no fetcher', async () => {
  const id = await spooledOnly(3);
  const owed = await claimAndDie(id);
  await fixture.cancel(id);
  const headers = fixture.headers.length;
  await fixture.ingest({ DISPATCH_LEASE_MS: '300' });
  const plans = (await fixture.dispatched(id, 3)).map(({ message: { plan } }) => plan);
  expect(plans).toEqual(Array(3).fill({ ...owed.plan, cancelled: true }));
  expect(fixture.headers.slice(headers).every((asks) => asks.length === 0)).toBe(true);
});

test('who was away while another took its dispatch up has not sent it: its deadlines count no more', async () => {
  const id = await spooledOnly(120);
  const stale = await claimAndDie(id);
  await fixture.database.query({
    text: `UPDATE dispatch SET round1_at = dispatched_at, lease_until = dispatched_at WHERE submission = $1`,
    values: [id],
  });
  const by = { owner: randomUUID(), partitions: PARTITIONS, leaseMs: 60_000, inFlightRows: 20_000 };
  const taken = (await takeOwed(fixture.database, by)).find(({ plan }) => plan.submission === id)!;
  expect(taken.plan.deadlineAt).toBeGreaterThan(stale.plan.deadlineAt);
  await markSent(fixture.database, stale);
  expect(await dispatches(id)).toMatchObject([{ sent: false }]);
  await markSent(fixture.database, taken);
  expect(await dispatches(id)).toMatchObject([{ sent: true }]);
});

test('stopped in the middle, started again: nothing is lost and nothing claimed stays unsent', async () => {
  const first = await fixture.ingest();
  const { accepted } = await post(first, urls(12_000).join('\n'));
  await fixture.dispatched(accepted.id, 1_000);
  await fixture.stopIngests();
  expect((await dispatches(accepted.id)).every((row) => row.sent)).toBe(true);
  await fixture.ingest();
  expect(seqs(await fixture.dispatched(accepted.id, 12_000))).toEqual(upTo(12_000));
});

test('a small list goes out while a large one is being dispatched', async () => {
  const ingest = await fixture.ingest({ IN_FLIGHT_ROWS: '100000' });
  const large = await post(ingest, urls(40_000).join('\n'));
  const { accepted } = await postJson(ingest, { urls: urls(100) });
  expect(seqs(await fixture.dispatched(accepted.id, 100))).toEqual(upTo(100));
  const chunks = await dispatches(large.accepted.id);
  expect(chunks.length).toBeLessThan(80);
});

import { randomUUID } from 'node:crypto';
import type { Lane, UrlSubmitted } from '@assay/contracts';
import { GiveUp } from '@assay/messaging';
import { eventually } from '@assay/testing';
import { freeAsks, IngestFixture, post, urls, type Seen } from '../ingest.fixture.js';
import { lockDue, missingRows } from './due-dispatches.js';
import { markTakeSent, owedTakes } from './owed-takes.js';
import { writeTake } from './write-take.js';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await IngestFixture.start();
});
afterEach(async () => {
  await fixture.stopIngests();
  await fixture.stopJoiner();
  await fixture.database.query({ text: `UPDATE submission SET state = 'complete', completed_at = now()` });
});
afterAll(async () => fixture?.stop());

const SETTINGS = { RECONCILE_POLL_MS: '50', DISPATCH_LEASE_MS: '300' };
const deaf = async () => {};

/** A list that is dispatched, and whose ingest has stopped; deadlines and grace are short, and over. */
async function overdue(count: number, lane: Lane = 'express'): Promise<string> {
  const ingest = await fixture.ingest({ RECONCILE_POLL_MS: '60000' });
  const { accepted } = await post(ingest, urls(count).join('\n'), 'text/plain', `?lane=${lane}`);
  await fixture.dispatched(accepted.id, count);
  await eventually(
    () => dispatchOf(accepted.id),
    ({ sent }) => sent,
  );
  await fixture.stopIngests();
  await expire(accepted.id);
  return accepted.id;
}

async function expire(id: string): Promise<void> {
  await fixture.database.query({
    text: `UPDATE submission SET round1_ms = 150, deadline_ms = 200, grace_ms = 100 WHERE id = $1`,
    values: [id],
  });
  await fixture.database.query({
    text: `UPDATE dispatch SET round1_at = dispatched_at, deadline_at = date_trunc('second', now()) - interval '5 s'
      WHERE submission = $1`,
    values: [id],
  });
}

interface DispatchRow {
  takes: number;
  sent: boolean;
  settled: boolean;
}

async function dispatchOf(id: string, chunk = 0): Promise<DispatchRow> {
  const { rows } = await fixture.database.query<DispatchRow>({
    text: `SELECT takes, sent_at IS NOT NULL AS sent, settled_at IS NOT NULL AS settled FROM dispatch
      WHERE submission = $1 AND chunk = $2`,
    values: [id, chunk],
  });
  return rows[0]!;
}

const settled = (id: string, chunk = 0) =>
  eventually(
    () => dispatchOf(id, chunk),
    (row) => row?.settled === true,
  );

interface ReconciledRow {
  seq: number;
  takes: number;
  stuck: boolean;
  sought: boolean;
  dead: { topic: string; code: string; reason: string } | null;
}

async function reconciled(id: string): Promise<ReconciledRow[]> {
  const { rows } = await fixture.database.query<ReconciledRow>({
    text: `SELECT seq::int, takes, stuck_at IS NOT NULL AS stuck, sought_at IS NOT NULL AS sought, dead
      FROM reconciled_row WHERE submission = $1 ORDER BY seq`,
    values: [id],
  });
  return rows;
}

const seqs = (seen: readonly Seen[]) => seen.map(({ message }) => message.seq).sort((a, b) => a - b);
const plansOf = (seen: readonly Seen[]) => [
  ...new Map(seen.map(({ message: { plan } }) => [JSON.stringify(plan), plan])).values(),
];

test('only missing rows go out: a reminder for no fetcher, then anew with later deadlines, then they are stuck', async () => {
  const id = await overdue(3);
  await fixture.storeRows(id, [{ seq: 2 }]);
  const headers = fixture.headers.length;
  await fixture.joiner(async ({ plan, seq }: UrlSubmitted) => {
    if (plan.submission === id && seq === 3) throw new GiveUp('poison', 'row 3 is poison');
  });
  await fixture.ingest(SETTINGS);
  await settled(id);
  const seen = await fixture.dispatched(id, 9);
  expect(seqs(seen)).toEqual([1, 1, 1, 1, 2, 3, 3, 3, 3]);
  // As it was sent, and as the reminder repeats it: this spec has moved its deadlines meanwhile.
  const [, first, second, third, ...more] = plansOf(seen);
  expect(more).toEqual([]);
  const { round1At: _round1, deadlineAt, ...same } = first!;
  expect([second, third]).toEqual([expect.objectContaining(same), expect.objectContaining(same)]);
  expect(second!.deadlineAt).toBeGreaterThan(deadlineAt);
  expect(third!.deadlineAt).toBeGreaterThanOrEqual(second!.deadlineAt + 300);
  expect(second!.deadlineAt - second!.round1At).toBe(50);
  expect(fixture.headers.slice(headers).map(({ length }) => length > 0)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
  const listed = await eventually(
    () => reconciled(id),
    (rows) => rows.every(({ sought }) => sought),
  );
  expect(listed).toMatchObject([
    { seq: 1, takes: 3, stuck: true, dead: null },
    {
      seq: 3,
      takes: 3,
      stuck: true,
      dead: { topic: 'url.submitted.dead', code: 'poison', reason: 'row 3 is poison' },
    },
  ]);
  expect(await fixture.state(id)).toBe('running');
  await fixture.storeRows(id, [{ seq: 1 }, { seq: 3 }]);
  await eventually(
    () => fixture.state(id),
    (state) => state === 'complete',
  );
});

test('a row that comes back is taken up once, counted once, and its dispatch is settled', async () => {
  const id = await overdue(120);
  const lost = [7, 40];
  await fixture.storeRows(
    id,
    Array.from({ length: 120 }, (_, at) => ({ seq: at + 1 })).filter(({ seq }) => !lost.includes(seq)),
  );
  await fixture.joiner(async ({ plan, seq }, { timestamp }) => {
    const again = plan.submission === id && timestamp > plan.deadlineAt + plan.graceMs;
    if (again) await fixture.storeRows(id, [{ seq }]);
  });
  // More rows of it are on their way: it is not complete when these are.
  await fixture.database.query({
    text: 'UPDATE submission SET accepted = 121, lines = 121 WHERE id = $1',
    values: [id],
  });
  await fixture.ingest(SETTINGS);
  expect(await settled(id)).toMatchObject({ takes: 1 });
  expect(await reconciled(id)).toMatchObject(lost.map((seq) => ({ seq, takes: 1, stuck: false })));
  expect(await fixture.dispatched(id, 122)).toHaveLength(122);
});

test('where all is final nothing is taken up', async () => {
  const id = await overdue(3);
  await fixture.storeRows(id, [{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  // Not complete by its counts, as if other rows of it were still on their way.
  await fixture.database.query({ text: 'DELETE FROM submission_count WHERE submission = $1', values: [id] });
  await fixture.joiner(deaf);
  await fixture.ingest(SETTINGS);
  expect(await settled(id)).toMatchObject({ takes: 0 });
  expect([await reconciled(id), await fixture.dispatched(id, 3)]).toMatchObject([[], { length: 3 }]);
});

test('a joiner that lags is waited for: what lies unread is not taken for lost', async () => {
  const [express, bulk] = [await overdue(3), await overdue(3, 'bulk')];
  let read = () => {};
  const reading = new Promise<void>((resolve) => (read = resolve));
  await fixture.joiner(async ({ plan }) => (plan.submission === express ? reading : undefined));
  await fixture.ingest(SETTINGS);
  await settled(bulk);
  expect([await dispatchOf(express), await reconciled(express)]).toMatchObject([
    { takes: 0, settled: false },
    [],
  ]);
  await fixture.storeRows(express, [{ seq: 1 }, { seq: 2 }]);
  read();
  await settled(express);
  expect(await reconciled(express)).toMatchObject([{ seq: 3, takes: 3 }]);
});

test('killed between the commit and the produce: another sends the take, and it counts once', async () => {
  const id = await overdue(3);
  const passedAt = Date.now();
  await fixture.database.transaction(async (client) => {
    const due = (await lockDue(client, 'express', passedAt))!;
    expect(due).toMatchObject({ submission: id, takes: 0 });
    await writeTake(client, due, await missingRows(client, due), { owner: randomUUID(), leaseMs: 300 });
  });
  await fixture.joiner(deaf);
  await fixture.ingest(SETTINGS);
  await fixture.dispatched(id, 6);
  await settled(id);
  expect(seqs(await fixture.dispatched(id, 12))).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  expect((await reconciled(id)).map(({ takes }) => takes)).toEqual([3, 3, 3]);
});

test('who was away while another sent its take has not sent the one that was written since', async () => {
  const id = await overdue(3);
  const by = { owner: randomUUID(), leaseMs: 60_000 };
  const take = async () => {
    await fixture.database.transaction(async (client) => {
      const due = (await lockDue(client, 'express', Date.now() + 1_000))!;
      await writeTake(client, due, [1, 2, 3], by);
    });
    return (await owedTakes(fixture.database, by)).find(({ dispatch }) => dispatch.plan.submission === id)!;
  };
  const first = await take();
  await markTakeSent(fixture.database, first);
  const second = await take();
  await markTakeSent(fixture.database, first);
  expect(await takeSent(id)).toBe(false);
  await markTakeSent(fixture.database, second);
  expect([second.takes, await takeSent(id)]).toEqual([2, true]);
});

async function takeSent(id: string): Promise<boolean> {
  const { rows } = await fixture.database.query<{ sent: boolean }>({
    text: 'SELECT take_sent_at IS NOT NULL AS sent FROM dispatch WHERE submission = $1',
    values: [id],
  });
  return rows[0]!.sent;
}

test('two ingests take each row up once a take', async () => {
  const id = await overdue(150);
  await fixture.joiner(deaf);
  await Promise.all([fixture.ingest(SETTINGS), fixture.ingest(SETTINGS)]);
  expect(await settled(id)).toMatchObject({ takes: 3 });
  expect(await fixture.dispatched(id, 600)).toHaveLength(600);
  expect(await reconciled(id)).toHaveLength(150);
});

test('a retry that was lost: the reminder raises nothing, the next take asks what it asked', async () => {
  const id = await overdue(2);
  const rows = [{ seq: 1 }, { seq: 2 }];
  await fixture.storeRows(id, rows);
  const [ask] = freeAsks.filter(({ round }) => round === 1);
  await fixture.database.query({
    text: `INSERT INTO retry_row VALUES ($1, 1, 2, ARRAY[$2])`,
    values: [id, ask!.id],
  });
  await fixture.database.query({
    text: `UPDATE submission SET gen = 1, retry_rows = 1, retry_dispatched = 0, retry_seq = -1, state = 'running'
      WHERE id = $1`,
    values: [id],
  });
  await fixture.joiner(deaf);
  await fixture.ingest(SETTINGS);
  await settled(id, 1);
  const [, retry, reminder, again] = plansOf(await fixture.dispatched(id, 6));
  expect(retry).toMatchObject({ only: [ask!.id], asks: { [ask!.id]: 1 } });
  expect(reminder).toEqual({ ...withoutOnly(retry!), asks: { ...retry!.asks, [ask!.id]: 0 } });
  expect(again).toMatchObject({ only: [ask!.id], asks: { [ask!.id]: 1 }, dispatchedAt: retry!.dispatchedAt });
  expect(again!.deadlineAt).toBeGreaterThan(retry!.deadlineAt);
  // The first dispatch is settled: its rows are final, one of them waits for its retry.
  expect(await dispatchOf(id)).toMatchObject({ takes: 0 });
});

test('cancelled after it went out: no take of it reaches a fetcher, and its rows can end', async () => {
  const id = await overdue(3);
  await fixture.cancel(id);
  const headers = fixture.headers.length;
  await fixture.joiner(async ({ plan, seq }: UrlSubmitted) => {
    if (plan.submission === id && plan.cancelled) await fixture.storeRows(id, [{ seq }]);
  });
  await fixture.ingest(SETTINGS);
  await fixture.completed(id);
  const plans = (await fixture.dispatched(id, 9)).map(({ message: { plan } }) => plan.cancelled ?? false);
  expect(plans).toEqual([...Array(6).fill(false), ...Array(3).fill(true)]);
  expect(fixture.headers.slice(headers).every((asks) => asks.length === 0)).toBe(true);
  expect(await fixture.state(id)).toBe('cancelled');
});

function withoutOnly({ only: _only, ...plan }: UrlSubmitted['plan']): UrlSubmitted['plan'] {
  return plan;
}

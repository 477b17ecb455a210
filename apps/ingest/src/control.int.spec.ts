import { eventually } from '@assay/testing';
import { freeAsks, IngestFixture, post, urls, type Seen } from './ingest.fixture.js';
import type { RunningIngest } from './start-ingest.js';

let fixture: IngestFixture;
let ingest: RunningIngest;

beforeAll(async () => {
  fixture = await IngestFixture.start();
  ingest = await fixture.ingest({ IN_FLIGHT_ROWS: '500' });
});
afterAll(async () => fixture?.stop());

interface Control {
  readonly state: string;
  readonly controlled_at: Date | null;
  readonly completed_at: Date | null;
}

async function control(id: string): Promise<Control> {
  const found = await fixture.database.query<Control & { id: string }>({
    text: 'SELECT state, controlled_at, completed_at FROM submission WHERE id = $1',
    values: [id],
  });
  return found.rows[0]!;
}

async function move(id: string, verb: string): Promise<{ status: number; state: string; detail: string }> {
  const response = await fetch(`${ingest.url}/v1/submissions/${id}/${verb}`, { method: 'POST' });
  return { status: response.status, ...((await response.json()) as { state: string; detail: string }) };
}

const cancelled = (seen: readonly Seen[]) => seen.filter(({ message }) => message.plan.cancelled === true);

async function handIn(count: number, query = ''): Promise<string> {
  return (await post(ingest, urls(count).join('\n'), 'text/plain', query)).accepted.id;
}

/** As an upload leaves it that was cut, or a plan that nobody has started. */
async function waiting(state: 'paused' | 'truncated'): Promise<string> {
  const id = await handIn(60);
  await fixture.dispatched(id, 60);
  await eventually(
    () =>
      fixture.database.query({
        text: 'SELECT FROM dispatch WHERE submission = $1 AND sent_at IS NULL',
        values: [id],
      }),
    ({ rowCount }) => rowCount === 0,
  );
  await fixture.database.query({
    text: `WITH gone AS (DELETE FROM dispatch WHERE submission = $1)
      UPDATE submission SET state = $2, dispatched = 0, cursor_turn = -1, cursor_seq = -1 WHERE id = $1`,
    values: [id, state],
  });
  fixture.seen.splice(0);
  return id;
}

test('cancelled: what was dispatched ends as it is, the rest is ended by rows that no fetcher wants', async () => {
  const id = await handIn(1_200);
  await fixture.dispatched(id, 500);
  expect(await move(id, 'cancel')).toMatchObject({ status: 200, state: 'cancelled' });
  expect(await move(id, 'cancel')).toMatchObject({ status: 200, state: 'cancelled' });
  expect((await control(id)).controlled_at).not.toBeNull();
  expect(await move(id, 'resume')).toMatchObject({
    status: 409,
    detail: expect.stringContaining('cancelled') as string,
  });
  // A later list through the same loop shows that the dispatcher had its turn.
  await fixture.dispatched(await handIn(200, '?lane=bulk'), 200);
  expect(await fixture.dispatched(id, 500)).toHaveLength(500);
  await fixture.countFinal(id, 500);
  await fixture.dispatched(id, 1_000);
  await fixture.countFinal(id, 1_000);
  const seen = await fixture.dispatched(id, 1_200);
  expect(cancelled(seen)).toHaveLength(700);
  expect(fixture.headers.filter((asks) => asks.length === 0)).toHaveLength(700);
  expect(cancelled(seen)[0]!.message.plan.asks).toEqual(
    Object.fromEntries(freeAsks.map(({ id: ask }) => [ask, 0])),
  );
  expect((await control(id)).completed_at).toBeNull();
  await fixture.countFinal(id, 1_200);
  expect(
    await eventually(
      () => control(id),
      ({ completed_at }) => completed_at !== null,
    ),
  ).toMatchObject({
    state: 'cancelled',
  });
});

test.each(['paused', 'truncated'] as const)(
  'a %s one is cancelled: all its rows are ended',
  async (state) => {
    const id = await waiting(state);
    expect((await move(id, 'cancel')).status).toBe(200);
    expect(cancelled(await fixture.dispatched(id, 60))).toHaveLength(60);
  },
);

test('a complete one is not cancelled, and says why', async () => {
  const id = await handIn(3);
  await fixture.countFinal(id, 3);
  await eventually(
    () => fixture.state(id),
    (state) => state === 'complete',
  );
  expect(await move(id, 'cancel')).toMatchObject({
    status: 409,
    detail: 'This submission is complete. Every row of it is final already: there is nothing left to cancel.',
  });
  expect((await move('019b0000-0000-7000-8000-00000000ffff', 'cancel')).status).toBe(404);
});

test('paused past its deadline it is complete: what expired is retried, not resumed', async () => {
  const id = await handIn(1);
  await fixture.dispatched(id, 1);
  expect((await move(id, 'pause')).status).toBe(200);
  await fixture.storeRows(id, [
    { seq: 1, cells: { dns: { gen: 0, outcome: 'skipped', detail: 'expired', at: 1_000 } } },
  ]);
  await fixture.completed(id);
  const { status, detail } = await move(id, 'resume');
  const [body] = /{.*}/.exec(detail)!;
  const retried = await fetch(`${ingest.url}/v1/submissions/${id}/retry`, { method: 'POST', body });
  expect([status, retried.status, await retried.json()]).toEqual([
    409,
    202,
    expect.objectContaining({ state: 'running', rows: 1, cells: 1 }),
  ]);
});

test('a paused one of which nothing went out is started; every move says when', async () => {
  const id = await waiting('paused');
  expect(await move(id, 'start')).toMatchObject({ status: 200, state: 'running' });
  await fixture.dispatched(id, 60);
  const started = (await control(id)).controlled_at!;
  expect((await move(id, 'pause')).status).toBe(200);
  expect((await move(id, 'start')).status).toBe(409);
  expect((await control(id)).controlled_at!.getTime()).toBeGreaterThan(started.getTime());
});

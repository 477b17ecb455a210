import type { RowView, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import pg from 'pg';
import { runningQuery } from '../../test/running-query.js';
import { A, ok, sample } from '../../test/sample.js';
import { seed, writeRow, type SeedRow } from '../../test/seed.js';

const LIVE = '019b0000-0000-7000-8000-00000000000c';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery(sample.slice(0, 1));
}, 60_000);
afterAll(() => query?.stop());

test('events: a snapshot first, then what changes, then the end', async () => {
  const row: SeedRow = { seq: 1, url: 'https://live.example/' };
  await seed(query.client, { id: LIVE, asks: ['page'], rows: [row] });
  const events = listen(`/v1/submissions/${LIVE}/events`);
  const others = listen(`/v1/submissions/${LIVE}/events?limit=0`);
  await eventually(
    () => events.seen,
    (seen) => seen.some(({ event }) => event === 'submission'),
  );
  await writeRow(query.client, LIVE, { ...row, state: 'partial', cells: {} });
  await writeRow(query.client, LIVE, {
    ...row,
    state: 'final',
    version: 2,
    cells: { page: ok },
    numbers: { page: { status: 200 } },
  });
  await eventually(
    () => rowsOf(events),
    (rows) => rows.some(({ version }) => version === 2),
  );
  await query.client.query(`UPDATE submission SET state = 'complete', completed_at = now() WHERE id = $1`, [
    LIVE,
  ]);
  await Promise.all([events.done, others.done]);
  expect(events.seen.at(-1)?.event).toBe('end');
  const views = events.seen
    .filter(({ event }) => event === 'submission')
    .map(({ data }) => data as SubmissionView);
  expect(views[0]).toMatchObject({ state: 'running', cells: { planned: 1, pending: 1 } });
  expect(views.at(-1)).toMatchObject({ state: 'complete', rows: { final: 1 }, cells: { ok: 1, pending: 0 } });
  expect(rowsOf(events).at(-1)).toMatchObject({
    seq: 1,
    version: 2,
    cells: { page: { numbers: { status: 200 } } },
  });
  expect(others.seen.map(({ event }) => event)).not.toContain('rows');
});

test('events: many listeners cost the database no more than one', async () => {
  const looks: number[] = [];
  const pool = pg.Pool.prototype as unknown as { query(asked: pg.QueryConfig): unknown };
  const ask = pool.query;
  pool.query = function (asked) {
    if (asked.name === 'window-versions') looks.push(performance.now());
    return ask.call(this, asked);
  };
  const listeners = Array.from({ length: 20 }, () => listen(`/v1/submissions/${A}/events`));
  await eventually(
    () => listeners.filter(({ seen }) => seen.length > 0).length,
    (heard) => heard === 20,
  );
  looks.length = 0;
  await eventually(
    () => looks.length,
    (n) => n >= 5,
  );
  // Four gaps of 250 ms at the least; 20 looks of their own would fit into less than a tenth of that.
  expect((looks[4] ?? 0) - (looks[0] ?? 0)).toBeGreaterThan(4 * 250 * 0.95);
  for (const listener of listeners) listener.close();
  pool.query = ask;
});

test('it stops at once although pages listen', async () => {
  const second = await query.another();
  const response = await fetch(`${second.url}/v1/submissions/${A}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const began = Date.now();
  await Promise.all([second.stop(), response.text()]);
  expect(Date.now() - began).toBeLessThan(3_000);
});

interface Heard {
  seen: { event: string; data: unknown }[];
  done: Promise<void>;
  close(): void;
}

function listen(path: string): Heard {
  const control = new AbortController();
  const heard: Heard = { seen: [], done: Promise.resolve(), close: () => control.abort() };
  heard.done = (async () => {
    const response = await fetch(`${query.url}${path}`, { signal: control.signal });
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
        if (event) heard.seen.push({ event, data: JSON.parse(data ?? 'null') });
        text = text.slice(end + 2);
      }
    }
  })().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  return heard;
}

const rowsOf = (heard: Heard) =>
  heard.seen.filter(({ event }) => event === 'rows').flatMap(({ data }) => data as RowView[]);

import { jest } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createLogger } from '@assay/telemetry';
import { createRegistry } from '@assay/providers';
import { eventually, testDatabase, type TestPart } from '@assay/testing';
import type { JoinedCell, RowView, SubmissionView } from '@assay/contracts';
import pg from 'pg';
import { seed, testProviders, writeRow, type SeedRow } from '../test/seed.js';
import { readQueryConfig } from './query.config.js';
import type { RunningQuery } from './start-query.js';

// Jest cannot require() an ES module, which @fastify/static does for a header that nothing here sends.
jest.mock('content-disposition', () => ({}));
const { startQuery } = await import('./start-query.js');

const A = '019b0000-0000-7000-8000-00000000000a';
const B = '019b0000-0000-7000-8000-00000000000b';
const LIVE = '019b0000-0000-7000-8000-00000000000c';
const BIG = '019b0000-0000-7000-8000-00000000000d';
const NOBODY = '019b0000-0000-7000-8000-0000000000ff';
const ASKS = ['page', 'dns', 'moz.url'];
const AT = Date.UTC(2026, 0, 1);
const ANSWER = '019b0000-0000-7000-8000-0000000000aa';

const ok: JoinedCell = { gen: 0, outcome: 'ok', answer: ANSWER, at: AT };
const absent: JoinedCell = { gen: 0, outcome: 'absent', answer: ANSWER, at: AT };
const timeout: JoinedCell = { gen: 0, outcome: 'failed', detail: 'timeout', at: AT };
const down: JoinedCell = { gen: 0, outcome: 'skipped', detail: 'provider_down', until: AT + 60_000, at: AT };
const spam = { probability: 0.25, flag: false, reasons: ['title is short'], model: 'fixed-1' };

const rowsOfA: SeedRow[] = [
  {
    seq: 1,
    url: 'https://one.example/',
    state: 'final',
    version: 3,
    cells: { page: { ...ok, last: timeout }, dns: absent, 'moz.url': down },
    numbers: { page: { status: 200, words: 0, title: '=HYPERLINK("x"),"y"' } },
    spam,
    quality: { score: 71, coverage: 0.5 },
  },
  {
    seq: 2,
    url: 'https://two.example/?a=1,2',
    state: 'final',
    version: 2,
    cells: { page: timeout, dns: ok, 'moz.url': down },
    numbers: { dns: { a: -2, mx: 1 } },
  },
  {
    seq: 4,
    url: 'https://three.example/',
    state: 'partial',
    cells: { page: ok },
    numbers: { page: { status: 404 } },
  },
  { seq: 5, url: 'https://four.example/', state: 'waiting', version: 0 },
  { seq: 6, url: 'https://five.example/' },
];

const bigRows: SeedRow[] = Array.from({ length: 2_300 }, (_, i) => ({
  seq: i * 2 + 1,
  url: `https://big.example/${i}`,
  ...(i % 2 === 0 && {
    state: 'final' as const,
    cells: { page: i % 500 === 0 ? timeout : ok },
    numbers: { page: { status: 200, words: i } },
  }),
}));

let database: TestPart<string>;
let client: pg.Client;
let ingest: Server;
let ingestDoes: (request: IncomingMessage, response: ServerResponse) => void;
let query: RunningQuery;

const config = (overrides: Record<string, string> = {}) =>
  readQueryConfig({ PORT: '0', DATABASE_URL: database.value, INGEST_URL: urlOf(ingest), ...overrides });
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const quiet = createLogger('query', 'silent');
const registry = createRegistry(testProviders);

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client(database.value);
  await client.connect();
  await seed(client, {
    id: A,
    asks: ASKS,
    name: 'first',
    rows: rowsOfA,
    duplicates: [{ seq: 3, of: 1, url: 'https://one.example/' }],
    rejected: [
      { seq: 7, line: '<script>alert(1)</script>', reason: 'Not a URL' },
      { seq: 8, line: 'ftp://x/', reason: 'Scheme ftp' },
    ],
  });
  const again: SeedRow = { seq: 1, url: 'https://one.example/', state: 'final', cells: { page: ok } };
  await seed(client, { id: B, asks: ['page'], state: 'complete', rows: [again] });
  await seed(client, { id: BIG, asks: ['page'], lane: 'bulk', rows: bigRows });
  ingest = createServer((request, response) => ingestDoes(request, response));
  await new Promise<void>((resolve) => ingest.listen(0, '127.0.0.1', resolve));
  query = await startQuery(config(), quiet, registry);
}, 60_000);

afterAll(async () => {
  await query?.stop();
  ingest?.close();
  await client?.end();
  await database?.stop();
});

const get = (path: string, init?: RequestInit) => fetch(`${query.url}${path}`, init);
async function json<T>(path: string): Promise<T> {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as T;
}
interface List<T> {
  items: T[];
  next: string | null;
}
async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  for (let after = ''; ;) {
    const page: List<T> = await json(`${path}${path.includes('?') ? '&' : '?'}after=${after}`);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

test('the identities hold and equal what the tables hold', async () => {
  const view = await json<SubmissionView>(`/v1/submissions/${A}`);
  expect(view.counts).toEqual({ lines: 8, accepted: 5, duplicate: 1, rejected: 2 });
  expect(view.rows).toEqual({ total: 5, waiting: 2, partial: 1, final: 2 });
  expect(view.cells).toEqual({ planned: 15, ok: 3, absent: 1, failed: 1, skipped: 2, pending: 8 });
  expect(view.asks.map(({ ask, round }) => [ask, round])).toEqual([
    ['page', 1],
    ['dns', 1],
    ['moz.url', 2],
  ]);
  expect(view.asks[2]?.reasons).toEqual({ 'skipped(provider_down)': 2 });
  const recounted = await client.query(
    `SELECT c.value->>'outcome' AS outcome, count(*)::int AS n FROM url_row, json_each(cells) c WHERE submission = $1 GROUP BY 1`,
    [A],
  );
  for (const { outcome, n } of recounted.rows as { outcome: 'ok'; n: number }[])
    expect(view.cells[outcome]).toBe(n);
});

test('submissions come newest first, a page at a time', async () => {
  const views = await all<SubmissionView>('/v1/submissions?limit=2');
  expect(views.map(({ id }) => id)).toEqual([BIG, B, A]);
  expect(views[1]).toMatchObject({ state: 'complete', rows: { final: 1 }, cells: { ok: 1, pending: 0 } });
});

test('rows come by line number with numbers only where measured; a duplicate is no row', async () => {
  const rows = await all<RowView>(`/v1/submissions/${A}/rows?limit=2`);
  expect(rows.map(({ seq, state, version }) => [seq, state, version])).toEqual([
    [1, 'final', 3],
    [2, 'final', 2],
    [4, 'partial', 1],
    [5, 'waiting', 0],
    [6, 'waiting', 0],
  ]);
  expect(rows[0]?.cells['page']).toEqual({
    ...ok,
    last: timeout,
    numbers: { status: 200, words: 0, title: '=HYPERLINK("x"),"y"' },
  });
  expect(rows[0]?.cells['dns']).toEqual(absent);
  expect(rows[4]).toMatchObject({ url: 'https://five.example/', cells: {}, spam: null, quality: null });
});

test('rows are filtered by state and by outcome, also over many pages', async () => {
  const seqs = async (filter: string) =>
    (await all<RowView>(`/v1/submissions/${A}/rows?limit=1&${filter}`)).map(({ seq }) => seq);
  expect(await seqs('state=waiting')).toEqual([5, 6]);
  expect(await seqs('state=partial')).toEqual([4]);
  expect(await seqs('state=final')).toEqual([1, 2]);
  expect(await seqs('outcome=failed')).toEqual([2]);
  expect(await seqs('outcome=ok&ask=dns')).toEqual([2]);
  expect(await seqs('state=partial&outcome=absent')).toEqual([]);
  const failed = await all<RowView>(`/v1/submissions/${BIG}/rows?outcome=failed&limit=3`);
  expect(failed.map(({ seq }) => seq)).toEqual([1, 1001, 2001, 3001, 4001]);
});

test('rejected lines keep number, text and reason', async () => {
  expect(await all(`/v1/submissions/${A}/rejected?limit=1`)).toEqual([
    { seq: 7, line: '<script>alert(1)</script>', reason: 'Not a URL' },
    { seq: 8, line: 'ftp://x/', reason: 'Scheme ftp' },
  ]);
});

test('the rows of one URL are found over submissions, however it is written', async () => {
  const rows = await all<RowView>(`/v1/urls?limit=1&url=${encodeURIComponent('HTTPS://ONE.example:443#x')}`);
  expect(rows.map(({ submission, seq }) => [submission, seq])).toEqual([
    [B, 1],
    [A, 1],
  ]);
  expect(await all(`/v1/urls?url=https://nowhere.example/`)).toEqual([]);
});

test('NDJSON holds exactly the rows, also beyond one read', async () => {
  for (const id of [A, BIG]) {
    const text = await (await get(`/v1/submissions/${id}/export?format=ndjson`)).text();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RowView);
    expect(lines).toEqual(await all<RowView>(`/v1/submissions/${id}/rows?limit=1000`));
  }
});

test('CSV has a column per metric, empty where nothing was measured, and no formula', async () => {
  const response = await get(`/v1/submissions/${A}/export?format=csv`);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="assay-${A}.csv"`);
  const lines = (await response.text()).split('\r\n');
  expect(lines).toEqual([
    'seq,url,host,domain,state,page,page.until,page.status,page.words,page.title,dns,dns.until,dns.a,dns.mx,moz.url,' +
      'moz.url.until,moz.url.pageAuthority,moz.url.spamScore,spam.probability,spam.flag,spam.reasons,quality.score,quality.coverage',
    `1,https://one.example/,one.example,one.example,final,ok,,200,0,"'=HYPERLINK(""x""),""y""",absent,,,,skipped(provider_down),2026-01-01T00:01:00.000Z,,,0.25,false,title is short,71,0.5`,
    '2,"https://two.example/?a=1,2",two.example,two.example,final,failed(timeout),,,,,ok,,-2,1,skipped(provider_down),2026-01-01T00:01:00.000Z,,,,,,,',
    '4,https://three.example/,three.example,three.example,partial,ok,,404,,,pending,,,,pending,,,,,,,,',
    '5,https://four.example/,four.example,four.example,waiting,pending,,,,,pending,,,,pending,,,,,,,,',
    '6,https://five.example/,five.example,five.example,waiting,pending,,,,,pending,,,,pending,,,,,,,,',
    '',
  ]);
});

test('providers say what they ask, whether they are on and why, and how they are', async () => {
  await client.query(
    `INSERT INTO provider_state VALUES
     ('page', 'a.example', gen_random_uuid(), 'closed', NULL, NULL, now()),
     ('page', 'b.example', gen_random_uuid(), 'closed', NULL, NULL, now()),
     ('page', 'b.example', gen_random_uuid(), 'open', '5 of 10 failed', now() + interval '1 hour', now()),
     ('page', 'c.example', gen_random_uuid(), 'open', 'over by now', now() - interval '1 hour', now())`,
  );
  const { items } = await json<List<Record<string, unknown>>>('/v1/providers');
  expect(items.map(({ id, enabled, why }) => [id, enabled, why])).toEqual([
    ['page', true, 'On: it needs no key.'],
    ['dns', true, 'On: it needs no key.'],
    [
      'moz',
      false,
      'Off: it needs a key. Get one at https://moz.example/keys, set MOZ_TOKEN and start again.',
    ],
  ]);
  expect(items[0]?.['health']).toEqual({
    state: 'open',
    keys: 3,
    troubled: 1,
    troubles: [{ limitKey: 'b.example', state: 'open', reason: '5 of 10 failed', until: expect.any(String) }],
  });
  expect(items[1]?.['health']).toEqual({ state: 'unknown', keys: 0, troubled: 0, troubles: [] });
});

test('events: a snapshot first, then what changes, then the end', async () => {
  const row: SeedRow = { seq: 1, url: 'https://live.example/' };
  await seed(client, { id: LIVE, asks: ['page'], rows: [row] });
  const events = listen(`/v1/submissions/${LIVE}/events`);
  const others = listen(`/v1/submissions/${LIVE}/events?limit=0`);
  await eventually(
    () => events.seen,
    (seen) => seen.some(({ event }) => event === 'submission'),
  );
  await writeRow(client, LIVE, { ...row, state: 'partial', cells: {} });
  await writeRow(client, LIVE, {
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
  await client.query(`UPDATE submission SET state = 'complete', completed_at = now() WHERE id = $1`, [LIVE]);
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
  await client.query(`UPDATE submission SET state = 'running' WHERE id = $1`, [LIVE]);
  const listeners = Array.from({ length: 20 }, () => listen(`/v1/submissions/${LIVE}/events`));
  const scans = async () => {
    const found = await client.query(
      `SELECT idx_scan + seq_scan AS n FROM pg_stat_user_tables WHERE relname = 'submission'`,
    );
    return Number((found.rows[0] as { n: string }).n);
  };
  await eventually(
    () => listeners.filter(({ seen }) => seen.length > 0).length,
    (n) => n === 20,
  );
  const [before, since] = [await scans(), Date.now()];
  // PostgreSQL reports its statistics late, so a stretch of looks is needed.
  await eventually(scans, (n) => n >= before + 3, 30_000);
  const looks = (await scans()) - before;
  // At most 4 a second, and what was not reported yet when the count began.
  expect(looks).toBeLessThanOrEqual(((Date.now() - since) / 1_000) * 4 + 30);
  for (const listener of listeners) listener.close();
});

test.each([
  '/v1/submissions/1',
  '/v1/submissions/%00',
  `/v1/submissions?after=x`,
  `/v1/submissions?limit=0`,
  `/v1/submissions/${A}/rows?limit=1001`,
  `/v1/submissions/${A}/rows?limit=1&limit=2`,
  `/v1/submissions/${A}/rows?state=done`,
  `/v1/submissions/${A}/rows?outcome=none`,
  `/v1/submissions/${A}/rows?ask=page`,
  `/v1/submissions/${A}/rows?after=cm93czo5OTk5OTk5OTk5OTk5OTk5OTk5OTk`,
  `/v1/submissions/${A}/rejected?after=zzz`,
  `/v1/submissions/${A}/export`,
  `/v1/submissions/${A}/export?format=xls`,
  `/v1/submissions/${A}/events?limit=-1`,
  '/v1/urls',
  '/v1/urls?url=example.com',
  '/v1/urls?url=https%3A%2F%2F%00',
])('bad input is a 400 that says what to do: %s', async (path) => {
  await expectProblem(await get(path), 400);
});

test.each([
  [`/v1/submissions/${NOBODY}`, 404],
  [`/v1/submissions/${NOBODY}/rows`, 404],
  [`/v1/submissions/${NOBODY}/rejected`, 404],
  [`/v1/submissions/${NOBODY}/export?format=csv`, 404],
  [`/v1/submissions/${NOBODY}/events`, 404],
  ['/v1/nothing', 404],
  ['/nothing.html', 404],
  ['/app/.tsbuildinfo', 404],
  ['/v1/%zz', 400],
])('%s is a %i problem', async (path, status) => {
  await expectProblem(await get(path), status);
});

test('the page and every answer carry security headers, nothing is readable from elsewhere', async () => {
  for (const path of ['/', '/healthz', `/v1/submissions/${A}`, '/v1/nothing', '/openapi.json']) {
    const { headers } = await get(path, { headers: { origin: 'https://evil.example' } });
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await (await get('/?submission=x')).text()).toMatch(/<!doctype html>/i);
});

test('openapi.json is 3.1, lists every route, and every $ref leads somewhere', async () => {
  const document = await json<{
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: object };
  }>('/openapi.json');
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    '/healthz',
    '/v1/providers',
    '/v1/submissions',
    '/v1/submissions/{id}',
    '/v1/submissions/{id}/events',
    '/v1/submissions/{id}/export',
    '/v1/submissions/{id}/pause',
    '/v1/submissions/{id}/rejected',
    '/v1/submissions/{id}/resume',
    '/v1/submissions/{id}/rows',
    '/v1/submissions/{id}/start',
    '/v1/urls',
  ]);
  expect(Object.keys(document.paths['/v1/submissions'] ?? {}).sort()).toEqual(['get', 'post']);
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(refs)]));
  expect(refs).toEqual(
    expect.arrayContaining(['Problem', 'SubmissionView', 'RowPage', 'SubmissionAccepted']),
  );
});

test('writes are passed on as they come: body, query, status and headers', async () => {
  ingestDoes = (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk));
    request.on('end', () => {
      response.writeHead(202, {
        'content-type': 'application/json',
        'x-from': 'ingest',
        location: '/v1/submissions/1',
      });
      response.end(
        JSON.stringify({
          url: request.url,
          method: request.method,
          type: request.headers['content-type'],
          body,
        }),
      );
    });
  };
  const headers = { 'content-type': 'text/plain', expect: '100-continue' };
  const answer = await raw(
    `POST /v1/submissions?name=a%20b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${Object.entries(headers)
      .map(([k, v]) => `${k}: ${v}\r\n`)
      .join('')}content-length: 20\r\n\r\nhttps://one.example/`,
  );
  expect(answer).toMatch(/HTTP\/1\.1 202 [^]*x-from: ingest/i);
  expect(answer).toContain('"url":"/v1/submissions?name=a%20b"');
  expect(answer).toContain('"body":"https://one.example/"');
  const paused = await get(`/v1/submissions/${A}/pause`, { method: 'POST' });
  expect([paused.status, await paused.json()]).toEqual([
    202,
    expect.objectContaining({ url: `/v1/submissions/${A}/pause` }),
  ]);
  expect(paused.headers.get('location')).toBe('/v1/submissions/1');
  const json = await get('/v1/submissions', {
    method: 'POST',
    body: '{"urls":[',
    headers: { 'content-type': 'application/json' },
  });
  expect(await json.json()).toMatchObject({ body: '{"urls":[', type: 'application/json' });
});

test('a large upload reaches ingest before it has ended here, and is cut there when cut here', async () => {
  let received = 0;
  let cut = false;
  ingestDoes = (request) => {
    request.on('data', (chunk: Buffer) => (received += chunk.length));
    request.on('error', () => (cut = true));
  };
  const socket = connect(Number(new URL(query.url).port), '127.0.0.1');
  socket.write(
    'POST /v1/submissions HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const line = 'https://one.example/\n'.repeat(500);
  for (let i = 0; i < 200; i++) socket.write(`${line.length.toString(16)}\r\n${line}\r\n`);
  await eventually(
    () => received,
    (bytes) => bytes === line.length * 200,
  );
  socket.destroy();
  await eventually(
    () => cut,
    (seen) => seen,
  );
});

test('writes from pages of other sites are refused before ingest hears of them', async () => {
  let heard = false;
  ingestDoes = (_request, response) => {
    heard = true;
    response.end();
  };
  const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
  await expectProblem(
    await get('/v1/submissions', { method: 'POST', body: 'https://a.example/', headers }),
    403,
  );
  expect(heard).toBe(false);
});

test('without ingest a write is a 503 with the remedy, reads go on', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const ingestUrl = urlOf(closed);
  await new Promise((resolve) => closed.close(resolve));
  const alone = await startQuery(config({ INGEST_URL: ingestUrl }), quiet, registry);
  const answer = await fetch(`${alone.url}/v1/submissions`, { method: 'POST', body: 'https://a.example/' });
  expect(answer.headers.get('retry-after')).toBe('5');
  await expectProblem(answer, 503);
  expect((await fetch(`${alone.url}/v1/submissions/${A}`)).status).toBe(200);
  await alone.stop();
});

test('it stops at once although pages listen', async () => {
  const second = await startQuery(config(), quiet, registry);
  const response = await fetch(`${second.url}/v1/submissions/${A}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const began = Date.now();
  await Promise.all([second.stop(), response.text()]);
  expect(Date.now() - began).toBeLessThan(3_000);
});

async function expectProblem(response: Response, status: number): Promise<void> {
  const body = (await response.json()) as { detail: string };
  expect([response.status, response.headers.get('content-type')]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  expect(body).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });
  expect(body.detail.length).toBeGreaterThan(20);
}

/** One request as bytes, the whole answer as text. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(Number(new URL(query.url).port), '127.0.0.1')
      .on('data', (chunk: Buffer) => (answer += chunk))
      .on('end', () => resolve(answer))
      .on('error', reject)
      .write(request);
  });
}

interface Heard {
  seen: { event: string; data: unknown }[];
  done: Promise<void>;
  close(): void;
}

function listen(path: string): Heard {
  const control = new AbortController();
  const heard: Heard = { seen: [], done: Promise.resolve(), close: () => control.abort() };
  heard.done = (async () => {
    const response = await get(path, { signal: control.signal });
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

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Problem } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { counts, freeAsks, IngestFixture, post, postJson, urls } from './ingest.fixture.js';
import type { RunningIngest } from './start-ingest.js';

let fixture: IngestFixture;
let ingest: RunningIngest;

beforeAll(async () => {
  fixture = await IngestFixture.start();
  ingest = await fixture.ingest({ UPLOAD_IDLE_MS: '1500' });
});

afterAll(async () => fixture?.stop());

/** Nothing kept and nothing dispatched by what `run` does; rows of submissions before it may still arrive. */
async function keepsNothing<T>(run: () => Promise<T>): Promise<T> {
  const [kept, known] = [await fixture.kept(), await fixture.submissions()];
  const result = await run();
  expect(await fixture.kept()).toBe(kept);
  expect(known).toEqual(expect.arrayContaining(fixture.seen.map(({ message }) => message.plan.submission)));
  return result;
}

test('JSON: 202 with counts and links, each row once on its partition with its plan', async () => {
  const list = ['https://A.example/x#top', 'https://b.example/', 'https://a.example/x', 'ftp://c.example/'];
  const { status, accepted, response } = await postJson(ingest, { name: 'first', urls: list, maxAgeMs: 5 });
  expect(status).toBe(202);
  expect(accepted).toMatchObject({ state: 'running', lane: 'express', counts: counts(2, 1, 1) });
  expect(response.headers.get('location')).toBe(accepted.links.self);
  const seen = await fixture.dispatched(accepted.id, 2);
  expect(seen.map(({ message }) => [message.seq, message.url, message.host, message.domain]).sort()).toEqual([
    [1, 'https://a.example/x', 'a.example', 'a.example'],
    [2, 'https://b.example/', 'b.example', 'b.example'],
  ]);
  const { plan } = seen[0]!.message;
  expect(plan.asks).toEqual(Object.fromEntries(freeAsks.map(({ id }) => [id, 0])));
  expect(plan).toMatchObject({ graceMs: 60_000, patienceMs: 5_000, maxAgeMs: 5 });
  expect([plan.round1At - plan.dispatchedAt, plan.deadlineAt - plan.dispatchedAt]).toEqual([20_000, 60_000]);
  expect(Math.abs(plan.dispatchedAt - Date.now())).toBeLessThan(5_000);
});

test('text with blank lines, CRLF, a byte order mark: numbers are those of the file', async () => {
  const body = '\uFEFFhttps://a.example/\r\n\r\nnot a url\r\nexample.com/path\nhttps://a.example/';
  const { accepted } = await post(ingest, body);
  expect(accepted.counts).toEqual(counts(1, 1, 2));
  expect(await fixture.rejected(accepted.id)).toEqual([
    { seq: 3, line: 'not a url', reason: 'Not a URL: it must start with http:// or https://' },
    expect.objectContaining({
      seq: 4,
      reason: expect.stringContaining('Write https://example.com/path') as string,
    }),
  ]);
});

test('CSV: the header is no line, the first column counts, quotes are read', async () => {
  const body = 'url;visits\n"https://a.example/?q=1;2";5\nhttps://b.example/,x;6\n';
  const { accepted } = await post(ingest, body, 'text/csv', '?name=sheet&lane=bulk');
  expect(accepted).toMatchObject({ lane: 'bulk', counts: counts(2) });
  const seen = await fixture.dispatched(accepted.id, 2);
  expect(seen.map(({ message }) => message.url).sort()).toEqual([
    'https://a.example/?q=1;2',
    'https://b.example/,x',
  ]);
  expect(seen.every(({ context }) => context.lane === 'bulk')).toBe(true);
});

test('100 URLs of 8 KB pass, one of 10 KB is rejected by line', async () => {
  const long = Array.from({ length: 100 }, (_, n) => `https://long.example/${n}/`.padEnd(8_192, 'x'));
  const { accepted } = await postJson(ingest, {
    urls: [...long, 'https://long.example/'.padEnd(10_000, 'y')],
  });
  expect(accepted.counts).toEqual(counts(100, 0, 1));
  const seen = await fixture.dispatched(accepted.id, 100);
  expect(seen.map(({ message }) => message.url).sort()).toEqual([...long].sort());
  expect((await fixture.rejected(accepted.id))[0]).toMatchObject({
    seq: 101,
    reason: 'Longer than 8,192 bytes.',
  });
});

test('a line of 20 MB is one rejected line, before and behind it all is well', async () => {
  const { accepted } = await post(
    ingest,
    `https://a.example/\n${'z'.repeat(20_000_000)}\nhttps://b.example/`,
  );
  expect(accepted.counts).toEqual(counts(2, 0, 1));
  expect((await fixture.rejected(accepted.id))[0]).toMatchObject({
    seq: 2,
    reason: 'Longer than 8,192 bytes.',
  });
});

test('control bytes and passwords are not kept as they came', async () => {
  const { accepted } = await post(
    ingest,
    `${'a'.repeat(1_100)}\n\u0000\u0001bin\nhttps://me:secret@a.example/`,
  );
  const [, control, secret] = await fixture.rejected(accepted.id);
  expect(control).toMatchObject({ line: String.raw`\u0000\u0001bin` });
  expect(secret).toMatchObject({ line: 'https://[masked]@a.example/' });
});

test('a list of which nothing is usable is complete at once, with its reasons', async () => {
  const { status, accepted } = await postJson(ingest, { urls: ['nope', '', 7, null] });
  expect(status).toBe(202);
  expect(accepted).toMatchObject({ state: 'complete', counts: counts(0, 0, 4) });
  expect((await fixture.rejected(accepted.id)).map(({ line }) => line)).toEqual(['nope', '', '7', 'null']);
});

test.each([
  ['an empty list', '{"urls":[]}', 'application/json', '', 400, /list is empty/],
  ['no list', '{}', 'application/json', '', 400, /list is empty/],
  ['an empty text', '\n \r\n', 'text/plain', '', 400, /list is empty/],
  ['no body', null, 'text/plain', '', 400, /list is empty/],
  ['a CSV of only a header', 'url,score\n', 'text/csv', '', 400, /list is empty/],
  ['cut JSON', '{"urls":["https://a.example/"', 'application/json', '', 400, /nothing was kept/],
  ['a bare list', '["https://a.example/"]', 'application/json', '', 400, /stand in an object/],
  [
    'an unknown option',
    '{"urls":["https://a.example/"],"x":1}',
    'application/json',
    '',
    400,
    /no option "x"/,
  ],
  [
    'an unknown provider',
    '{"urls":["https://a.example/"],"providers":["no"]}',
    'application/json',
    '',
    400,
    /no provider "no"/,
  ],
  ['a wrong lane', 'https://a.example/', 'text/plain', '?lane=fast', 400, /lane/],
  [
    'crossed deadlines',
    'https://a.example/',
    'text/plain',
    '?round1Ms=9000&deadlineMs=5000',
    400,
    /round1Ms/,
  ],
  ['a form', 'https://a.example/', 'application/x-www-form-urlencoded', '', 415, /--data-binary/],
  ['no content type', Buffer.from('https://a.example/'), '', '', 415, /content-type header is missing/],
  ['a strange content type', 'x', ';;;', '', 415, /cannot be read. Send application/],
  [
    'a binary file',
    Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
    'text/plain',
    '',
    415,
    /binary file or UTF-16/,
  ],
  ['UTF-16', Buffer.from('\uFEFFhttps://a.example/', 'utf16le'), 'text/csv', '', 415, /UTF-16/],
])('%s is refused with a remedy and leaves nothing', async (_, body, type, query, status, detail) => {
  const answer = await keepsNothing(() => post(ingest, body, type, query));
  expect(answer.response.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.problem).toMatchObject({ status, detail: expect.stringMatching(detail) as string });
  expect(answer.status).toBe(status);
});

test('a provider without its key is refused with the variable to set', async () => {
  const { status, problem } = await postJson(ingest, { urls: urls(1), providers: ['moz'] });
  expect([status, problem.detail]).toEqual([400, expect.stringContaining('MOZ_TOKEN')]);
});

test('a long list goes through the tables in pieces: duplicates far apart are found, lines add up', async () => {
  const lines = urls(30_000, 700).map((url) => `${url}?${'p'.repeat(60)}`);
  const mixed = lines.flatMap((url, n) => (n % 10 === 0 ? [url, `bad ${n}`] : [url]));
  const { accepted } = await post(ingest, [...mixed, ...lines.slice(0, 5_000)].join('\n'));
  expect(accepted).toMatchObject({ lane: 'bulk', counts: counts(30_000, 5_000, 3_000) });
  const found = await fixture.database.query<Record<string, number>>({
    text: `SELECT count(*)::int AS lines, count(DISTINCT url)::int AS urls, count(duplicate_of)::int AS duplicates,
      count(*) FILTER (WHERE duplicate_of >= seq)::int AS wrong, max(seq)::int AS last
      FROM submission_line WHERE submission = $1`,
    values: [accepted.id],
  });
  expect(found.rows[0]).toEqual({ lines: 35_000, urls: 30_000, duplicates: 5_000, wrong: 0, last: 38_000 });
});

/** Sends the start of a body, waits until `arrived`, then loses the connection. */
async function cutAfter(body: string, type: string, arrived: () => Promise<boolean>): Promise<void> {
  const request = httpRequest(`${ingest.url}/v1/submissions?name=cut`, {
    method: 'POST',
    headers: { 'content-type': type, 'content-length': body.length + 1_000_000 },
  });
  const closed = new Promise((resolve) => request.on('error', resolve).on('close', resolve));
  await new Promise((resolve) => request.write(body, resolve));
  await eventually(arrived, (done) => done);
  request.destroy();
  await closed;
}

const states = async () =>
  (
    await fixture.database.query<{ id: string; state: string; accepted: string; lines: string }>({
      text: `SELECT id, state, accepted, lines FROM submission WHERE name = 'cut' OR state = 'receiving'`,
    })
  ).rows;

test('a text cut by a lost connection is kept without its half line, waits, and starts', async () => {
  await cutAfter(`${urls(5).join('\n')}\nhttps://half.exam`, 'text/plain', () => Promise.resolve(true));
  const [cut] = await eventually(states, (found) => found.length > 0);
  expect(cut).toMatchObject({ state: 'truncated', accepted: '5', lines: '5' });
  expect(fixture.seen.filter(({ message }) => message.plan.submission === cut!.id)).toEqual([]);
  const started = await fetch(`${ingest.url}/v1/submissions/${cut!.id}/start`, { method: 'POST' });
  expect(await started.json()).toMatchObject({ id: cut!.id, state: 'running', counts: counts(5) });
  const seen = await fixture.dispatched(cut!.id, 5);
  expect(seen.map(({ message }) => message.url).sort()).toEqual(urls(5).sort());
});

test('JSON cut by a lost connection keeps nothing, even when much of it was in the tables', async () => {
  const before = await fixture.kept();
  const spilled = async () => (await fixture.kept()) > before + 10_000;
  await cutAfter(JSON.stringify({ urls: urls(60_000) }).slice(0, -2), 'application/json', spilled);
  await eventually(
    async () => [await fixture.kept(), (await states()).filter(({ state }) => state === 'receiving').length],
    ([kept, receiving]) => kept === before && receiving === 0,
  );
  const answer = await postJson(ingest, { urls: urls(1) });
  expect(answer.status).toBe(202);
});

test('an upload that stands still is taken as cut, and who sent it is told', async () => {
  const request = httpRequest(`${ingest.url}/v1/submissions?name=stalled`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.on('error', () => undefined);
  request.write('https://a.example/\nhttps://b.exam');
  const [response] = await answered;
  const problem = (await json(response)) as Problem;
  expect([response.statusCode, problem.status]).toEqual([408, 408]);
  expect(problem.detail).toMatch(
    /^The list stopped coming.*The 1 URLs that came whole.*[-0-9a-f]{36}\/start/,
  );
  const found = await eventually(
    () => fixture.database.query({ text: `SELECT state, accepted FROM submission WHERE name = 'stalled'` }),
    ({ rows }) => rows.length > 0,
  );
  expect(found.rows).toEqual([{ state: 'truncated', accepted: '1' }]);
});

test('what a killed process left of an upload is cleaned away at the next start; a live one is not', async () => {
  const insert = (id: string, age: string) =>
    fixture.database.query({
      text: `WITH s AS (INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms, touched_at)
        VALUES ($1, 'receiving', 'bulk', '{}', 0, 0, 0, 0, now() - $2::interval))
        INSERT INTO submission_line (submission, seq, url, host, domain, bucket, turn) VALUES ($1, 1, 'u', 'h', 'd', 0, 0)`,
      values: [id, age],
    });
  const [stale, live] = ['01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-00000000000b'];
  await insert(stale!, '10 minutes');
  await insert(live!, '1 minute');
  await fixture.ingest();
  await eventually(
    () => fixture.state(stale!),
    (state) => state === undefined,
  );
  expect(await fixture.state(live!)).toBe('receiving');
  await fixture.database.query({ text: 'DELETE FROM submission_line WHERE submission = $1', values: [live] });
  await fixture.database.query({ text: 'DELETE FROM submission WHERE id = $1', values: [live] });
});

test('unknown addresses and ids answer in words; it is live and ready', async () => {
  for (const path of [
    '/v1/submissions/nope/pause',
    '/v1/submissions/01900000-0000-7000-8000-0000000000ff/start',
    '/v1/nothing',
  ]) {
    const response = await fetch(`${ingest.url}${path}`, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  }
  expect(await (await fetch(`${ingest.url}/health/live`)).json()).toEqual({ status: 'live' });
  expect(await (await fetch(`${ingest.url}/health/ready`)).json()).toMatchObject({
    status: 'ready',
    service: 'ingest',
    parts: { postgres: { ok: true }, kafka: { ok: true } },
  });
});

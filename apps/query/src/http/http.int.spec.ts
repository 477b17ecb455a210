import { connect } from 'node:net';
import { eventually } from '@assay/testing';
import { expectProblem, json, listening, runningQuery, urlOf } from '../../test/running-query.js';
import { A, sample } from '../../test/sample.js';

const NOBODY = '019b0000-0000-7000-8000-0000000000ff';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery(sample.slice(0, 1));
}, 60_000);
afterAll(() => query?.stop());

const get = (path: string, init?: RequestInit) => fetch(`${query.url}${path}`, init);
const read = <T>(path: string) => json<T>(`${query.url}${path}`);

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
  for (const path of ['/', '/health/live', `/v1/submissions/${A}`, '/v1/nothing', '/openapi.json']) {
    const { headers } = await get(path, { headers: { origin: 'https://evil.example' } });
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await (await get('/?submission=x')).text()).toMatch(/<!doctype html>/i);
});

test('openapi.json is 3.1, lists every route, and every $ref leads somewhere', async () => {
  const document = await read<{
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: object };
  }>('/openapi.json');
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    '/health/live',
    '/health/ready',
    '/metrics',
    '/v1/providers',
    '/v1/submissions',
    '/v1/submissions/{id}',
    '/v1/submissions/{id}/cancel',
    '/v1/submissions/{id}/ceilings',
    '/v1/submissions/{id}/cost',
    '/v1/submissions/{id}/events',
    '/v1/submissions/{id}/export',
    '/v1/submissions/{id}/pause',
    '/v1/submissions/{id}/plan',
    '/v1/submissions/{id}/rejected',
    '/v1/submissions/{id}/resume',
    '/v1/submissions/{id}/retry',
    '/v1/submissions/{id}/rows',
    '/v1/submissions/{id}/start',
    '/v1/submissions/{id}/stuck',
    '/v1/urls',
  ]);
  expect(Object.keys(document.paths['/v1/submissions'] ?? {}).sort()).toEqual(['get', 'post']);
  expect(document.paths['/v1/submissions/{id}/pause']).toMatchObject({
    post: { description: expect.stringContaining('{"reasons":["expired"]}') as string },
  });
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(refs)]));
  expect(refs).toEqual(
    expect.arrayContaining(['Problem', 'SubmissionView', 'RowPage', 'SubmissionAccepted']),
  );
});

test('writes are passed on as they come: body, query, status and headers', async () => {
  query.ingest.does = (request, response) => {
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
  const plan = await get(`/v1/submissions/${A}/plan`);
  expect(await plan.json()).toMatchObject({ method: 'GET', url: `/v1/submissions/${A}/plan` });
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
  query.ingest.does = (request) => {
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
  query.ingest.does = (_request, response) => {
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
  const closed = await listening();
  const ingestUrl = urlOf(closed);
  await new Promise((resolve) => closed.close(resolve));
  const alone = await query.another({ INGEST_URL: ingestUrl });
  const answer = await fetch(`${alone.url}/v1/submissions`, { method: 'POST', body: 'https://a.example/' });
  expect(answer.headers.get('retry-after')).toBe('5');
  await expectProblem(answer, 503);
  expect((await fetch(`${alone.url}/v1/submissions/${A}`)).status).toBe(200);
  await alone.stop();
});

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

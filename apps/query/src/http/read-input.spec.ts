import { normaliseUrl } from '../rows/normalise-url.js';
import { readRowFilter } from '../rows/row-filter.js';
import { readIdCursor, readSeqCursor, writeCursor } from './cursor.js';
import { failureOf } from './pass-on.js';
import { problemFor } from './problem.js';
import { readId, readLimit } from './read-input.js';
import { comesFromOtherSite } from './security.js';

const ID = '019b0000-0000-7000-8000-000000000001';
const refused = expect.objectContaining({ status: 400 });

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test('a cursor comes back as it went, for its own list only', () => {
  expect(readSeqCursor('rows', writeCursor('rows', 41))).toBe(41);
  expect(readSeqCursor('rows', undefined)).toBe(-1);
  expect(readIdCursor('submissions', writeCursor('submissions', ID))).toBe(ID);
  expect(thrown(() => readSeqCursor('rejected', writeCursor('rows', 41)))).toEqual(refused);
});

test.each([
  'x',
  '41',
  'cm93czo',
  Buffer.from('rows:-1').toString('base64url'),
  Buffer.from('rows:1e9').toString('base64url'),
  'A'.repeat(5000),
  '\u0000',
])('a cursor that was made up is refused: %j', (text) => {
  expect(thrown(() => readSeqCursor('rows', text))).toEqual(refused);
});

test.each(['0', '-1', '1001', '1.5', 'ten', '1e2', ' 5', '９'])(
  'a limit out of range is refused: %j',
  (limit) => {
    expect(thrown(() => readLimit({ limit }))).toEqual(refused);
  },
);

test('limits and ids in range are taken', () => {
  expect([readLimit({}), readLimit({ limit: '1' }), readLimit({ limit: '1000' })]).toEqual([100, 1, 1000]);
  expect(readId(ID.toUpperCase())).toBe(ID);
  expect(thrown(() => readId('1'))).toEqual(refused);
  expect(thrown(() => readLimit({ limit: ['1', '2'] }))).toEqual(refused);
});

test('a filter is read, or refused with the choices', () => {
  expect(readRowFilter({ state: 'final', outcome: 'failed', ask: 'moz.url' })).toEqual({
    state: 'final',
    outcome: 'failed',
    ask: 'moz.url',
  });
  expect(thrown(() => readRowFilter({ state: 'done' }))).toMatchObject({
    detail: expect.stringContaining('waiting'),
  });
  expect(thrown(() => readRowFilter({ ask: 'moz.url' }))).toEqual(refused);
});

test('a URL is normalised as a submitted line is', () => {
  expect(normaliseUrl(' HTTP://Example.COM:80/a?b=1&a=2#top ')).toBe('http://example.com/a?b=1&a=2');
  for (const text of ['example.com', 'ftp://example.com/', 'http:example.com', 'https://exa mple.com/', ''])
    expect(thrown(() => normaliseUrl(text))).toEqual(refused);
});

test('writes from pages of other sites are refused, programs and the own page pass', () => {
  const from = (headers: Record<string, string>, method = 'POST') => comesFromOtherSite({ method, headers });
  expect(from({ 'sec-fetch-site': 'cross-site' })).toBe(true);
  expect(from({ 'sec-fetch-site': 'same-site' })).toBe(true);
  expect(from({ origin: 'http://evil.example', host: '127.0.0.1:3000' })).toBe(true);
  expect(from({ origin: 'null', host: '127.0.0.1:3000' })).toBe(true);
  expect(from({ 'sec-fetch-site': 'same-origin', origin: 'https://a.example', host: 'inner' })).toBe(false);
  expect(from({ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' })).toBe(false);
  expect(from({})).toBe(false);
  expect(from({ 'sec-fetch-site': 'cross-site' }, 'GET')).toBe(false);
});

test('a database that is away is a 503, a fault of ours gives nothing away', () => {
  expect(problemFor(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })).status).toBe(503);
  expect(problemFor(Object.assign(new Error('x'), { code: '57P01' })).status).toBe(503);
  expect(problemFor(new Error('Connection terminated unexpectedly')).status).toBe(503);
  expect(problemFor(new Error('secret postgres://a:b@c'))).toMatchObject({
    status: 500,
    detail: expect.not.stringContaining('secret'),
  });
});

test('what failed on the way to ingest says whether anything was taken', () => {
  const error = (code: string) =>
    Object.assign(new Error('x'), { cause: Object.assign(new Error('y'), { code }) });
  expect(failureOf(error('ECONNREFUSED'))).toMatchObject({
    status: 503,
    detail: expect.stringContaining('Nothing was taken'),
  });
  expect(failureOf(error('UND_ERR_HEADERS_TIMEOUT')).status).toBe(504);
  expect(failureOf(error('ECONNRESET'))).toMatchObject({
    status: 502,
    detail: expect.stringContaining('before sending again'),
  });
  const several = Object.assign(new Error('x'), { cause: { errors: [{ code: 'ECONNREFUSED' }] } });
  expect(failureOf(several).status).toBe(503);
});

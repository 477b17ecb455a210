import { asked, CONTEXT, findingsOf, reply } from '../spec-support/replies.js';
import { wayback } from './wayback.js';

const QUESTIONS = asked('wayback.url', 'https://example.com/page?a=1#b');
const HEAD = ['timestamp', 'statuscode'];
const of = (body: unknown, parts = {}) =>
  findingsOf(wayback, QUESTIONS, [reply(typeof body === 'string' ? body : JSON.stringify(body), parts)])[0];

test('one row for each month of a page, or of all pages of a host', () => {
  const params = (questions: typeof QUESTIONS) =>
    Object.fromEntries(new URL(wayback.request(questions, CONTEXT)[0]!.url).searchParams);
  const common = { output: 'json', fl: 'timestamp,statuscode', collapse: 'timestamp:6', limit: '1000' };
  expect(params(QUESTIONS)).toEqual({ ...common, url: 'example.com/page?a=1' });
  expect(params(asked('wayback.host', 'example.com'))).toEqual({
    ...common,
    url: 'example.com',
    matchType: 'host',
  });
});

test('months count once, in whatever order the rows come', () => {
  expect(
    of([HEAD, ['20200315000000', '200'], ['20190101000000', '-'], ['20200301000000', '200']]),
  ).toMatchObject({
    numbers: {
      months_captured: 2,
      first_capture_at: '2019-01-01T00:00:00.000Z',
      last_captured_month: '2020-03',
    },
  });
});

test('a full thousand rows say that there may be more', () => {
  const rows = Array.from({ length: 1_000 }, (_, at) => [`${1996 + (at % 20)}0101000000`, '200']);
  expect(of([HEAD, ...rows])).toMatchObject({ numbers: { months_captured: 20, capped: true } });
});

test('a star in an address is no pattern', () => {
  const [request] = wayback.request(asked('wayback.url', 'https://example.com/a*'), CONTEXT);
  expect(new URL(request!.url).searchParams.get('url')).toBe('example.com/a%2A');
});

test('a site that is left out of the archive is absent, another 403 is a block of us', () => {
  const words = 'org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error';
  expect(of(words, { status: 403 })).toMatchObject({ outcome: 'absent' });
  const headers = { 'x-archive-wayback-runtime-error': 'RobotAccessControlException: no' };
  expect(of('', { status: 403, headers })).toMatchObject({ outcome: 'absent' });
  expect(of('no', { status: 403 })).toMatchObject({ outcome: 'failed', class: 'server' });
});

test.each([[''], ['\n'], [[]], [[HEAD]]])('%j is absent', (body) =>
  expect(of(body)).toMatchObject({ outcome: 'absent' }),
);

test.each([
  [{}],
  [[['time']]],
  [[HEAD, ['1997', '200']]],
  [[HEAD, null]],
  [[HEAD, ['99999999999999', '200']]],
  [[HEAD, ['20200101000000', '200'], ['20209901000000', '200']]],
])('%j is malformed', (body) => expect(of(body)).toMatchObject({ outcome: 'failed', class: 'malformed' }));

test('429 pauses for a minute at least, longer where it says so', () => {
  expect(of('', { status: 429, headers: { 'retry-after': '5' } })).toMatchObject({ retryAfterMs: 60_000 });
  expect(of('', { status: 429, headers: { 'retry-after': '120' } })).toMatchObject({ retryAfterMs: 120_000 });
  expect(wayback.concurrency).toBe(1);
});

import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { mastodon } from './mastodon.js';

const QUESTIONS = asked('mastodon', 'Ada@Mastodon.example');
const ACCOUNT = recorded(import.meta.url, 'account.json');
const of = (body: object, parts = {}) => findingsOf(mastodon, QUESTIONS, [reply(body, parts)])[0];

test('asked at its own instance, which is a foreign address with limits of its own', () => {
  expect(mastodon.request(QUESTIONS, CONTEXT)).toMatchObject([
    { url: 'https://mastodon.example/api/v1/accounts/lookup?acct=Ada', foreign: true },
  ]);
  expect(mastodon.limitKey(QUESTIONS[0]!)).toBe('mastodon.example');
});

test.each([
  'ada',
  'ada@localhost',
  'ada@127.0.0.1',
  'ada@a.example/x',
  'a/b@a.example',
  'ada@a.example:8080',
  '',
])('nothing is sent for %j', (handle) => {
  const questions = asked('mastodon', handle);
  expect(mastodon.request(questions, CONTEXT)).toEqual([]);
  expect(findingsOf(mastodon, questions, [])).toEqual([{ outcome: 'skipped', reason: 'unsupported' }]);
});

test('a hidden count is left out, another account is no answer', () => {
  expect(of({ ...ACCOUNT, followers_count: -1 })).not.toHaveProperty('numbers.followers');
  expect(of({ ...ACCOUNT, username: 'bob' })).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test.each([[{ followers_count: '10' }], [{ statuses_count: -2 }], [{ created_at: 'soon' }]])(
  '%j is malformed',
  (changes) => {
    expect(of({ ...ACCOUNT, ...changes })).toMatchObject({ outcome: 'failed', class: 'malformed' });
  },
);

test('a limit lasts until the instant it names, by the clock of the instance', () => {
  const headers = {
    date: 'Tue, 24 Nov 2026 13:00:00 GMT',
    'x-ratelimit-reset': '2026-11-24T13:02:00.000Z',
    'content-type': 'application/json',
  };
  expect(of({}, { status: 429, headers })).toMatchObject({ class: 'rate_limited', retryAfterMs: 120_000 });
});

test('404 with a web page is no instance', () => {
  expect(of({}, { status: 404, headers: { 'content-type': 'text/html' } })).toMatchObject({
    outcome: 'failed',
  });
});

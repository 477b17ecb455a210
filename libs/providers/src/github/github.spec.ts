import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { github } from './github.js';

const QUESTIONS = asked('github', 'Ada');
const USER = recorded(import.meta.url, 'user.json');
const of = (body: object, parts = {}) => findingsOf(github, QUESTIONS, [reply(body, parts)])[0];

test('the token goes along where there is one; nothing is sent for what is no login', () => {
  const headers = (key: string) => github.request(QUESTIONS, { ...CONTEXT, key })[0]?.headers;
  expect(headers('k')).toMatchObject({ authorization: 'Bearer k', 'user-agent': CONTEXT.userAgent });
  expect(headers('')).not.toHaveProperty('authorization');
  for (const handle of ['../x', 'a/b', '-a', '', 'a?b'])
    expect(github.request(asked('github', handle), CONTEXT)).toEqual([]);
});

test('a limit lasts until its reset, by the clock of GitHub', () => {
  const headers = {
    date: 'Tue, 24 Nov 2026 13:00:00 GMT',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Date.UTC(2026, 10, 24, 13, 10) / 1_000),
  };
  expect(of({}, { status: 403, headers })).toMatchObject({ class: 'rate_limited', retryAfterMs: 600_000 });
  expect(of({}, { status: 403, headers: { 'x-ratelimit-remaining': '7' } })).toMatchObject({ class: 'auth' });
});

test('an organisation says so; what is missing is left out', () => {
  expect(of({ ...USER, type: 'Organization' })).toMatchObject({ numbers: { organisation: true } });
  const { type: _, followers: _f, ...less } = USER;
  expect(of(less)).toEqual({
    outcome: 'ok',
    numbers: { following: 0, public_repos: 5, created_at: '2011-01-25T18:44:36Z' },
  });
});

test.each([[{ followers: '10' }], [{ public_repos: -1 }], [{ login: 'bob' }], [{ login: 7 }]])(
  '%j is malformed',
  (changes) => {
    expect(of({ ...USER, ...changes })).toMatchObject({ outcome: 'failed', class: 'malformed' });
  },
);

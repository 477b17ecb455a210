import { questionKey, type ProviderReply } from '../provider.js';
import { asked, play, recorded, reply } from '../spec-support/replies.js';
import { spellings } from './info-steps.js';
import { reddit } from './reddit.js';

const [QUESTION] = asked('reddit', 'https://example.com/article');
const TOKEN = reply(recorded(import.meta.url, 'token.json'));
const POSTS = recorded(import.meta.url, 'posts.json');
const listing = (...posts: object[]) =>
  reply({ data: { children: posts.map((data) => ({ kind: 't3', data })) } });
const ask = (...replies: ProviderReply[]) => {
  const { findings, requests } = play(
    reddit,
    [QUESTION!],
    (_request, at) => replies[Math.min(at, replies.length - 1)]!,
  );
  return { finding: findings.get(questionKey(QUESTION!)), requests };
};

test('a token by HTTP Basic, shared, then both spellings with it', () => {
  const { requests } = ask(TOKEN, reply(POSTS));
  expect(requests[0]).toMatchObject({
    method: 'POST',
    body: 'grant_type=client_credentials',
    sharedForMs: 3_000_000,
  });
  expect(requests[0]?.headers?.['authorization']).toMatch(/^Basic /);
  expect(requests.slice(1).map(({ url }) => new URL(url).searchParams.get('url'))).toEqual([
    'https://example.com/article',
    'https://example.com/article/',
  ]);
  expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer eyJhbGciOi.token' });
});

test.each([
  ['https://a.example/', ['https://a.example/', 'https://a.example']],
  ['https://a.example/x/', ['https://a.example/x/', 'https://a.example/x']],
  ['https://a.example/x?y=1', ['https://a.example/x?y=1']],
])('spellings of %s', (url, expected) => expect(spellings(url)).toEqual(expected));

test('a post that both spellings find counts once', () => {
  const post = { id: 'a', subreddit: 'x', score: -5, num_comments: 1 };
  expect(ask(TOKEN, listing(post), listing(post, { ...post, id: 'b' })).finding).toEqual({
    outcome: 'ok',
    numbers: { posts: 2, score: -10, comments: 2, subreddits: 1 },
  });
});

test('half an answer is none', () => {
  expect(ask(TOKEN, reply(POSTS), reply('', { status: 500 })).finding).toMatchObject({ class: 'server' });
});

test('a client that is refused is our key refused', () => {
  for (const status of [400, 401, 403])
    expect(ask(reply({ error: 'invalid_grant' }, { status })).finding).toMatchObject({ class: 'auth' });
  expect(ask(reply({ error: 'invalid_grant' })).finding).toMatchObject({ class: 'auth' });
  expect(ask(reply({ access_token: 'a\nb' })).finding).toMatchObject({ class: 'malformed' });
});

test('429 waits for the window to end', () => {
  const headers = { 'x-ratelimit-reset': '42', 'content-type': 'application/json' };
  expect(ask(TOKEN, reply('{}', { status: 429, headers })).finding).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 42_000,
  });
});

test.each([[{}], [{ id: 'a', score: '5' }], [{ id: 'a', subreddit: 7 }]])(
  'a post of %j is malformed',
  (post) => {
    expect(ask(TOKEN, listing(post)).finding).toMatchObject({ outcome: 'failed', class: 'malformed' });
  },
);

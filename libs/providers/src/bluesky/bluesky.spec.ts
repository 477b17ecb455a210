import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { bluesky } from './bluesky.js';

const PROFILES = asked('bluesky.profile', 'a.bsky.social', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz');
const PAGE = asked('bluesky.links', 'https://example.com/?a=1&q=2');
const ANSWER = recorded(import.meta.url, 'profiles.json');

test('all profiles in one call, each page in one of its own; limits apart', () => {
  const urls = bluesky.request([...PROFILES, ...PAGE], CONTEXT).map(({ url }) => new URL(url));
  expect(urls.map(({ pathname }) => pathname)).toEqual([
    '/xrpc/app.bsky.actor.getProfiles',
    '/xrpc/app.bsky.feed.searchPosts',
  ]);
  expect(urls[0]?.searchParams.getAll('actors')).toEqual(PROFILES.map(({ unit }) => unit));
  expect(urls[1]?.searchParams.get('url')).toBe(PAGE[0]!.unit);
  expect(bluesky.limitKey(PAGE[0]!)).not.toBe(bluesky.limitKey(PROFILES[0]!));
});

test('accounts go by handle or DID, in upper or lower case', () => {
  const questions = asked(
    'bluesky.profile',
    'A.bsky.social',
    'did:plc:ewvi7nxzyoun6zhxrhs64oiz',
    'nobody.example',
  );
  expect(findingsOf(bluesky, questions, [reply(ANSWER)])).toMatchObject([
    { outcome: 'ok', numbers: { followers: 10 } },
    { outcome: 'ok', numbers: { followers: 0 } },
    { outcome: 'absent' },
  ]);
});

test('each surface reads its own reply', () => {
  const replies = [reply({}, { status: 500 }), reply(recorded(import.meta.url, 'posts.json'))];
  expect(findingsOf(bluesky, [...PAGE, ...PROFILES], replies)).toMatchObject([
    { outcome: 'ok', numbers: { linking_posts: 42, capped: false } },
    { outcome: 'failed', class: 'server' },
    { outcome: 'failed', class: 'server' },
  ]);
});

test('without a total the posts that came count, and that there may be more', () => {
  const of = (body: object) => findingsOf(bluesky, PAGE, [reply(body)])[0];
  expect(of({ posts: [{}, {}], cursor: '2' })).toEqual({
    outcome: 'ok',
    numbers: { linking_posts: 2, capped: true },
  });
  expect(of({ posts: [] })).toMatchObject({ numbers: { linking_posts: 0, capped: false } });
  expect(of({ posts: {} })).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test.each([[{ followersCount: -1 }], [{ postsCount: '9' }], [{ createdAt: 'soon' }]])(
  '%j is malformed',
  (changes) => {
    const profiles = [{ ...ANSWER.profiles[0], ...changes }];
    expect(findingsOf(bluesky, PROFILES, [reply({ profiles })])[0]).toMatchObject({ class: 'malformed' });
  },
);

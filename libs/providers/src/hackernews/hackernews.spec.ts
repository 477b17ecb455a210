import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { hackernews } from './hackernews.js';

const QUESTIONS = asked('hackernews', 'https://code.facebook.com/posts/300798627056246');
const STORIES = recorded(import.meta.url, 'stories.json');
const of = (hits: unknown, nbPages: unknown = 1) =>
  findingsOf(hackernews, QUESTIONS, [reply({ hits, nbPages })])[0];

test('searches the address without its scheme, in addresses of stories alone', () => {
  const [request] = hackernews.request(asked('hackernews', 'https://a.example/b?c=1&d=ä'), CONTEXT);
  expect(Object.fromEntries(new URL(request!.url).searchParams)).toEqual({
    query: 'a.example/b?c=1&d=%C3%A4',
    restrictSearchableAttributes: 'url',
    tags: 'story',
    hitsPerPage: '50',
  });
});

test('near misses do not count', () => {
  expect(of([STORIES.hits[2]])).toEqual({
    outcome: 'ok',
    numbers: { stories: 0, points: 0, comments: 0, capped: false },
  });
});

test('a second page of hits makes the count one of at least', () => {
  expect(of(STORIES.hits, 3)).toMatchObject({ numbers: { stories: 2, capped: true } });
});

test('what every story leaves out is left out, what one tells counts', () => {
  const hits = [{ ...STORIES.hits[0], points: null, created_at_i: null }, { url: null }];
  expect(of(hits)).toEqual({
    outcome: 'ok',
    numbers: { stories: 1, comments: 498, capped: false },
  });
  expect(of([...hits, STORIES.hits[1]])).toMatchObject({ numbers: { stories: 2, points: 3, comments: 498 } });
});

test.each([[{}], [[1]], [[{ url: 7 }]], [[{ url: QUESTIONS[0]!.unit, points: 'many' }]], [null]])(
  'hits %j are malformed',
  (hits) => expect(of(hits)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

import { asked, CONTEXT, findingsOf, reply } from '../spec-support/replies.js';
import { ahrefsDr } from './ahrefs-dr.js';

const QUESTIONS = asked('ahrefs-dr', 'example.com');
const of = (body: object, parts = {}, key = 'k') =>
  findingsOf(ahrefsDr, QUESTIONS, [reply(body, parts)], { ...CONTEXT, key })[0];

test('the key goes along where there is one', () => {
  const headers = (key: string) => ahrefsDr.request(QUESTIONS, { ...CONTEXT, key })[0]?.headers;
  expect(headers('k')).toMatchObject({ authorization: 'Bearer k' });
  expect(headers('')).not.toHaveProperty('authorization');
});

test('a rating of 0 is one, null is none', () => {
  expect(of({ domain_rating: { domain_rating: 0 } })).toEqual({
    outcome: 'ok',
    numbers: { domain_rating: 0 },
  });
  expect(of({ domain_rating: null })).toMatchObject({ outcome: 'absent' });
});

test.each([
  [{ domain_rating: 34 }],
  [{ domain_rating: { domain_rating: '34' } }],
  [{ domain_rating: { domain_rating: 101 } }],
  [{}],
])('%j is malformed', (body) => expect(of(body)).toMatchObject({ outcome: 'failed', class: 'malformed' }));

test('401 without a key is no fault of a key', () => {
  expect(of({}, { status: 401 }, '')).toMatchObject({ class: 'server' });
});

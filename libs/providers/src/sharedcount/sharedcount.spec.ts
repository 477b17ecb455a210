import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { sharedcount } from './sharedcount.js';

const QUESTIONS = asked('sharedcount', 'https://a.example/?x=1&apikey=y');
const COUNTS = recorded(import.meta.url, 'counts.json');
const of = (body: object, parts = {}) => findingsOf(sharedcount, QUESTIONS, [reply(body, parts)])[0];

test('the URL is encoded whole, the key stands beside it', () => {
  const [request] = sharedcount.request(QUESTIONS, CONTEXT);
  const { searchParams } = new URL(request!.url);
  expect(searchParams.getAll('apikey')).toEqual([CONTEXT.key]);
  expect(searchParams.get('url')).toBe(QUESTIONS[0]!.unit);
});

test('null counts are left out, one service without an answer does not hide the other', () => {
  expect(of({ Facebook: null, Pinterest: 3 })).toEqual({ outcome: 'ok', numbers: { pinterest: 3 } });
  expect(of({ Facebook: { ...COUNTS.Facebook, share_count: null } })).not.toHaveProperty(
    'numbers.facebook_shares',
  );
});

test.each([[{ Facebook: 7 }], [{ Pinterest: '9' }], [{ Facebook: { total_count: -1 } }], [{}]])(
  '%j is malformed',
  (body) => expect(of(body)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('a spent quota waits for the next day; 429 for what it says', () => {
  const error = { Error: 'Daily quota exceeded', Type: 'quota_exceeded', HTTP_Code: 403 };
  expect(of(error)).toMatchObject({ class: 'quota', retryAfterMs: 43_200_000 });
  const parts = { status: 429, headers: { 'retry-after': '3' } };
  expect(of({ Error: 'slow down', Type: 'x', HTTP_Code: 429 }, parts)).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 3_000,
  });
});

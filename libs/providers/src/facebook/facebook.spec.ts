import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { facebook } from './facebook.js';

const ONE = asked('facebook', 'https://www.facebook.com/');
const TWO = asked('facebook', 'https://a.example/x,y', 'https://b.example/');
const row = (share_count: unknown) => ({ engagement: { share_count } });
const params = (questions: typeof ONE) =>
  Object.fromEntries(new URL(facebook.request(questions, CONTEXT)[0]!.url).searchParams);

test('one by id, several by ids; a comma inside a URL parts nothing', () => {
  const common = { fields: 'engagement', access_token: CONTEXT.key };
  expect(params(ONE)).toEqual({ ...common, id: 'https://www.facebook.com/' });
  expect(params(TWO)).toEqual({ ...common, ids: 'https://a.example/x%2Cy,https://b.example/' });
});

test('the documented answer, whose id lost its slash', () => {
  expect(findingsOf(facebook, ONE, [reply(recorded(import.meta.url, 'one.json'))])).toMatchObject([
    { outcome: 'ok', numbers: { shares: 975_739_682, plugin_comments: 1_641 } },
  ]);
});

test('rows by id, with or without the escaped comma; what is left out has no finding', () => {
  const answer = {
    'https://b.example': row(2),
    'https://a.example/x,y': row(1),
    'https://c.example/': row(3),
  };
  expect(findingsOf(facebook, TWO, [reply(answer)])).toMatchObject([
    { numbers: { shares: 1 } },
    { numbers: { shares: 2 } },
  ]);
  expect(findingsOf(facebook, TWO, [reply({ 'https://b.example/': row(2) })])[0]).toBeUndefined();
});

test('two questions that differ in a slash are not mixed up', () => {
  const questions = asked('facebook', 'https://a.example/x', 'https://a.example/x/');
  const answer = { 'https://a.example/x/': row(2), 'https://a.example/x': row(1) };
  expect(findingsOf(facebook, questions, [reply(answer)])).toMatchObject([
    { numbers: { shares: 1 } },
    { numbers: { shares: 2 } },
  ]);
});

test.each([['7'], [-1], [1.5]])('%j shares are malformed, null is absent', (shares) => {
  const of = (value: unknown) => findingsOf(facebook, ONE, [reply({ id: ONE[0]!.unit, ...row(value) })])[0];
  expect(of(shares)).toMatchObject({ outcome: 'failed', class: 'malformed' });
  expect(of(null)).toMatchObject({ outcome: 'absent' });
});

test('a limit without a word on how long pauses for some minutes', () => {
  const limit = reply(recorded(import.meta.url, 'limit.json'), { status: 403 });
  expect(findingsOf(facebook, ONE, [limit])[0]).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 300_000,
  });
});

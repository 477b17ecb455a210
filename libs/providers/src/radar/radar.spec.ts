import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { radar } from './radar.js';

const QUESTIONS = asked('radar', 'google.com');
const RANKING = recorded(import.meta.url, 'ranking.json');
const of = (details: object) =>
  findingsOf(radar, QUESTIONS, [
    reply({
      success: true,
      result: { ...RANKING.result, details_0: { ...RANKING.result.details_0, ...details } },
    }),
  ])[0];

test('one domain in the path, the token as a bearer', () => {
  expect(radar.request(QUESTIONS, CONTEXT)).toMatchObject([
    {
      url: 'https://api.cloudflare.com/client/v4/radar/ranking/domain/google.com?rankingType=POPULAR&format=JSON',
      headers: { authorization: `Bearer ${CONTEXT.key}` },
    },
  ]);
});

test('a bucket is a ceiling, one with > a floor and no rank', () => {
  expect(of({ rank: undefined, bucket: '500' })).toMatchObject({ numbers: { rank_at_most: 500 } });
  const floor = of({ rank: undefined, bucket: '>200000' });
  expect(floor).toMatchObject({ numbers: { rank_above: 200_000 } });
  expect(floor).not.toHaveProperty('numbers.rank_at_most');
  expect(floor).not.toHaveProperty('numbers.rank');
});

test('neither rank nor bucket is absent, whatever the categories', () => {
  expect(of({ rank: null, bucket: '' })).toMatchObject({ outcome: 'absent' });
});

test.each([[{ rank: 0 }], [{ rank: '3' }], [{ bucket: 'top' }], [{ bucket: 2_000.5 }], [{ categories: {} }]])(
  '%j is malformed',
  (details) => expect(of(details)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('404 in another shape is a wrong address', () => {
  expect(findingsOf(radar, QUESTIONS, [reply('<html>', { status: 404 })])[0]).toMatchObject({
    class: 'server',
  });
});

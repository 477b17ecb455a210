import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { tranco } from './tranco.js';

const QUESTIONS = asked('tranco', 'chatgpt.com');
const { ranks } = recorded(import.meta.url, 'ranks.json');
const of = (days: unknown, domain: unknown = 'chatgpt.com') =>
  findingsOf(tranco, QUESTIONS, [reply({ ranks: days, domain })])[0];

test('one domain in the path; an address is not asked about', () => {
  expect(tranco.request(QUESTIONS, CONTEXT)[0]?.url).toBe(
    'https://tranco-list.eu/api/ranks/domain/chatgpt.com',
  );
  const address = asked('tranco', '192.0.2.7');
  expect(tranco.request(address, CONTEXT)).toEqual([]);
  expect(findingsOf(tranco, address, [])).toEqual([{ outcome: 'skipped', reason: 'unsupported' }]);
});

test('the newest day counts, in whatever order days come; a day before the 30 does not', () => {
  expect(of(ranks.toReversed())).toEqual(of(ranks));
  expect(of(ranks)).toMatchObject({ numbers: { rank: 87, worst_rank_30d: 102, days_ranked_30d: 3 } });
});

test('no day at all is absent, never a rank of 0', () => {
  expect(of([])).toEqual({ outcome: 'absent', reason: 'not ranked' });
  expect(of([{ date: '2026-10-07', rank: 0 }])).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test.each([[null], [[{ date: 'today', rank: 1 }]], [[{ date: '2026-10-07', rank: '1' }]], [[7]]])(
  'ranks of %j are malformed',
  (days) => expect(of(days)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('an answer about another domain is none', () => {
  expect(of(ranks, 'openai.com')).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

import { asked, CONTEXT, findingsOf, recordedText, reply } from '../spec-support/replies.js';
import { semrush } from './semrush.js';

const QUESTIONS = asked('semrush.url', 'https://example.com/?a=1&key=2');
const of = (body: string, parts = {}) => findingsOf(semrush, QUESTIONS, [reply(body, parts)])[0];
const HEAD = 'ascore;total;domains_num;urls_num;ips_num;follows_num;nofollows_num';

test('a page and a domain differ in the type of target', () => {
  const params = (questions: typeof QUESTIONS) =>
    Object.fromEntries(new URL(semrush.request(questions, CONTEXT)[0]!.url).searchParams);
  expect(params(QUESTIONS)).toEqual({
    key: CONTEXT.key,
    type: 'backlinks_overview',
    target: QUESTIONS[0]!.unit,
    target_type: 'url',
    export_columns: HEAD.replaceAll(';', ','),
  });
  expect(params(asked('semrush.domain', 'a.example'))).toMatchObject({ target_type: 'root_domain' });
});

test('columns go by their names', () => {
  const turned = recordedText(import.meta.url, 'overview.csv')
    .trim()
    .split('\r\n')
    .map((line) => line.split(';').toReversed().join(';'))
    .join('\n');
  expect(of(turned)).toMatchObject({
    outcome: 'ok',
    numbers: { authority_score: 59, nofollow_links: 2_245 },
  });
});

test('an empty value is left out, all empty is absent', () => {
  expect(of(`${HEAD}\n59;;;;;;`)).toEqual({ outcome: 'ok', numbers: { authority_score: 59 } });
  expect(of(`${HEAD}\n;;;;;;`)).toMatchObject({ outcome: 'absent' });
});

test.each([
  ['59;1;2;3;4;5'],
  ['159;1;2;3;4;5;6'],
  ['59;1.5;2;3;4;5;6'],
  ['59;many;2;3;4;5;6'],
  ['1;2;3;4;5;6;7\n8'],
])('values %j are malformed', (line) =>
  expect(of(`${HEAD}\n${line}`)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('an error is read before the status', () => {
  expect(of('ERROR 50 :: NOTHING FOUND', { status: 404 })).toMatchObject({ outcome: 'absent' });
  expect(of('no', { status: 429 })).toMatchObject({ class: 'rate_limited' });
  expect(of('ERROR 134 :: TOTAL LIMIT EXCEEDED')).toMatchObject({ class: 'rate_limited' });
  expect(of('ERROR 132 :: LIMIT OF UNITS')).toMatchObject({ class: 'quota' });
});

test('an address is no domain: it is not sent', () => {
  const questions = asked('semrush.domain', '192.0.2.7');
  expect(semrush.request(questions, CONTEXT)).toEqual([]);
  expect(findingsOf(semrush, questions, [])).toEqual([{ outcome: 'skipped', reason: 'unsupported' }]);
});

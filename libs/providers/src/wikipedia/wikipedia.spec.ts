import { questionKey } from '../provider.js';
import { asked, play, recorded, reply } from '../spec-support/replies.js';
import { wikipedia } from './wikipedia.js';

const [QUESTION] = asked('wikipedia.url', 'https://d-nb.info/gnd/4079154-3');
const HTTP = recorded(import.meta.url, 'http.json');
const HTTPS = recorded(import.meta.url, 'https.json');
const rows = (...urls: string[]) => ({
  query: { exturlusage: urls.map((url, at) => ({ pageid: at + 1, ns: 0, title: 't', url })) },
});
const ask = (question: typeof QUESTION, answers: object[], parts = {}) => {
  const { findings, requests } = play(wikipedia, [question!], (_request, at) => reply(answers[at]!, parts));
  return { finding: findings.get(questionKey(question!)), requests };
};

test('both protocols, one after the other, the address without its scheme', () => {
  const { finding, requests } = ask(QUESTION, [HTTP, HTTPS]);
  const params = requests.map(({ url }) => new URL(url).searchParams);
  expect(params.map((query) => [query.get('euprotocol'), query.get('euquery')])).toEqual([
    ['http', 'd-nb.info/gnd/4079154-3'],
    ['https', 'd-nb.info/gnd/4079154-3'],
  ]);
  expect(finding).toEqual({ outcome: 'ok', numbers: { articles: 2, capped: true } });
});

test('a host counts links to itself, not to longer names or other hosts', () => {
  const [question] = asked('wikipedia.host', 'un.org');
  const { finding } = ask(question, [
    rows('http://un.org/a', 'http://un.org.evil.example/'),
    { query: { exturlusage: [{ pageid: 9, ns: 0, title: 't', url: '//un.org/b' }] } },
  ]);
  expect(finding).toEqual({ outcome: 'ok', numbers: { articles: 2, capped: false } });
});

test('a failure of one protocol fails the whole: half a count is none', () => {
  expect(ask(QUESTION, [HTTP, { error: { code: 'maxlag' } }]).finding).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 5_000,
  });
  expect(ask(QUESTION, [HTTP, { query: {} }]).finding).toMatchObject({ class: 'malformed' });
  const first = ask(QUESTION, [{ error: { code: 'ratelimited' } }, HTTPS], {
    headers: { 'retry-after': '9' },
  });
  expect(first.finding).toMatchObject({ class: 'rate_limited', retryAfterMs: 9_000 });
  expect(first.requests).toHaveLength(1);
});

test.each([[{ pageid: '1', url: 'http://a/' }], [{ pageid: 1 }], [null]])(
  'a row of %j is malformed',
  (row) => {
    const answer = { query: { exturlusage: [row] } };
    expect(ask(QUESTION, [answer, HTTPS]).finding).toMatchObject({ outcome: 'failed', class: 'malformed' });
  },
);

test('403 is a block of who we are, not a key', () => {
  expect(ask(QUESTION, [{}, {}], { status: 403 }).finding).toMatchObject({ class: 'server' });
});

import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { dataforseo } from './dataforseo.js';

const QUESTIONS = [...asked('dataforseo.domain', 'forbes.com'), ...asked('dataforseo.host', 'forbes.com')];
const FILES = ['ranks.json', 'spam-score.json', 'backlinks.json', 'referring-domains.json'];
const REPLIES = FILES.map((name) => reply(recorded(import.meta.url, name)));
const items = (...list: object[]) =>
  reply({ status_code: 20_000, tasks: [{ status_code: 20_000, result: [{ items: list }] }] });

test('four endpoints, a list with one task, each target once, HTTP Basic', () => {
  const requests = dataforseo.request(QUESTIONS, { ...CONTEXT, key: 'login:password' });
  expect(requests.map(({ url }) => new URL(url).pathname.split('/')[3])).toEqual([
    'bulk_ranks',
    'bulk_spam_score',
    'bulk_backlinks',
    'bulk_referring_domains',
  ]);
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual([
    { targets: ['forbes.com'], rank_scale: 'one_hundred' },
  ]);
  expect(requests[3]?.headers?.['authorization']).toBe('Basic bG9naW46cGFzc3dvcmQ=');
});

test('one target answers both surfaces that asked for it', () => {
  const findings = findingsOf(dataforseo, QUESTIONS, REPLIES);
  expect(findings[0]).toMatchObject({ outcome: 'ok', numbers: { rank: 95, spam_score: 0 } });
  expect(findings[1]).toEqual(findings[0]);
});

test('one endpoint failing fails all; one leaving a target out leaves it out', () => {
  const down = [...REPLIES.slice(0, 3), reply({ status_code: 50_301, tasks: null })];
  expect(findingsOf(dataforseo, QUESTIONS, down)[0]).toMatchObject({ outcome: 'failed', class: 'server' });
  expect(findingsOf(dataforseo, QUESTIONS, REPLIES.slice(0, 3))[0]).toMatchObject({ class: 'malformed' });
  expect(findingsOf(dataforseo, QUESTIONS, [...REPLIES.slice(0, 3), items()])).toEqual([
    undefined,
    undefined,
  ]);
});

test('codes and statuses of their own', () => {
  const of = (got: (typeof REPLIES)[number]) =>
    findingsOf(dataforseo, QUESTIONS, [got, ...REPLIES.slice(1)])[0];
  expect(of(reply({ status_code: 40_101, tasks: null }))).toMatchObject({ class: 'server' });
  expect(of(reply({ status_code: 40_207, tasks: null }))).toMatchObject({ class: 'auth' });
  expect(of(reply({ status_code: 40_501, tasks: null }))).toMatchObject({ class: 'bad_request' });
  expect(of(reply({ status_code: 40_200 }, { status: 402 }))).toMatchObject({ class: 'quota' });
});

test('neither login nor password stands in a message', () => {
  const context = { ...CONTEXT, key: 'my-login:my-pass:word' };
  const words = 'my-login / my-pass:word / my-login:my-pass:word / bXktbG9naW46bXktcGFzczp3b3Jk';
  const refused = reply({ status_code: 40_100, status_message: words, tasks: null });
  expect(findingsOf(dataforseo, QUESTIONS, [refused], context)[0]).toMatchObject({
    message: '40100: [key] / [key] / [key] / [key]',
  });
});

test('an address is no domain: it is not sent', () => {
  const questions = [...asked('dataforseo.host', '192.0.2.7'), ...QUESTIONS];
  expect(dataforseo.request(questions, CONTEXT)[0]?.body).not.toContain('192.0.2.7');
  expect(findingsOf(dataforseo, questions, REPLIES)).toMatchObject([
    { outcome: 'skipped', reason: 'unsupported' },
    { outcome: 'ok' },
    { outcome: 'ok' },
  ]);
  expect(dataforseo.request(questions.slice(0, 1), CONTEXT)).toEqual([]);
});

test('a target answered twice, differently, is worth nothing', () => {
  const twice = items({ target: 'forbes.com', rank: 1 }, { target: 'forbes.com', rank: 2 });
  expect(findingsOf(dataforseo, QUESTIONS, [twice, ...REPLIES.slice(1)])[0]).toMatchObject({
    class: 'malformed',
  });
});

test.each([[{ rank: 101 }], [{ rank: '95' }], [{ rank: -1 }]])('%j is malformed', (item) => {
  const first = items({ target: 'forbes.com', ...item });
  expect(findingsOf(dataforseo, QUESTIONS, [first, ...REPLIES.slice(1)])[0]).toMatchObject({
    class: 'malformed',
  });
});

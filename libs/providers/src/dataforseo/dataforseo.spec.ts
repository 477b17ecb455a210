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

import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { greenweb } from './greenweb.js';

const QUESTIONS = asked('greenweb', 'google.com', 'pchome.com', '192.0.2.7');
const CHECKS = recorded(import.meta.url, 'checks.json');

test('hosts as a JSON list in the path, each once, without addresses', () => {
  const [request] = greenweb.request([...QUESTIONS, ...QUESTIONS], CONTEXT);
  expect(request?.url).toBe(
    'https://api.thegreenwebfoundation.org/v2/greencheckmulti/%5B%22google.com%22%2C%22pchome.com%22%5D',
  );
  expect(greenweb.request(asked('greenweb', '192.0.2.7'), CONTEXT)).toEqual([]);
});

test('rows by host; an address is not asked about', () => {
  expect(findingsOf(greenweb, QUESTIONS, [reply(CHECKS)])).toEqual([
    { outcome: 'ok', numbers: { green: true, hosted_by: 'Google Inc.' } },
    { outcome: 'ok', numbers: { green: false } },
    { outcome: 'skipped', reason: 'unsupported' },
  ]);
});

test('a host left out has no finding; a row of another shape or about another host is malformed', () => {
  const answer = { 'google.com': { url: 'bing.com', green: true } };
  const [other, missing] = findingsOf(greenweb, QUESTIONS, [reply(answer)]);
  expect(other).toMatchObject({ outcome: 'failed', class: 'malformed' });
  expect(missing).toBeUndefined();
  const odd = { 'google.com': { green: 'yes' }, 'pchome.com': [] };
  expect(findingsOf(greenweb, QUESTIONS, [reply(odd)]).slice(0, 2)).toMatchObject([
    { class: 'malformed' },
    { class: 'malformed' },
  ]);
});

test('names that objects have anyway are no rows', () => {
  expect(findingsOf(greenweb, asked('greenweb', 'constructor.example'), [reply({})])).toEqual([undefined]);
});

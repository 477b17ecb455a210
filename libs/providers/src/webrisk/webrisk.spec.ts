import { asked, CONTEXT, findingsOf, recordedText, reply } from '../spec-support/replies.js';
import { webrisk } from './webrisk.js';

const QUESTIONS = asked('webrisk', 'http://www.urltocheck1.org/?a=1&b=2#c');
const ask = (body: string | object, parts = {}) => findingsOf(webrisk, QUESTIONS, [reply(body, parts)])[0];

test('asks for three kinds of threat about one encoded URL', () => {
  const [request, ...more] = webrisk.request(QUESTIONS, CONTEXT);
  expect(more).toEqual([]);
  const { origin, pathname, searchParams } = new URL(request!.url);
  expect(origin + pathname).toBe('https://webrisk.googleapis.com/v1/uris:search');
  expect(searchParams.getAll('threatTypes')).toEqual(['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE']);
  expect(searchParams.get('uri')).toBe(QUESTIONS[0]!.unit);
  expect(searchParams.get('key')).toBe(CONTEXT.key);
});

test('a match is believed until it expires', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const replies = [reply(recordedText(import.meta.url, 'match.json'))];
  expect(findingsOf(webrisk, QUESTIONS, replies, { ...CONTEXT, now })).toMatchObject([
    { outcome: 'ok', numbers: { threats: 1, malware: true, social_engineering: false }, ttlMs: 300_045 },
  ]);
});

test('not listed is a measured zero', () => {
  expect(ask({})).toMatchObject({ outcome: 'ok', numbers: { threats: 0, malware: false } });
});

test.each([
  [{ threat: [] }],
  [{ threat: { threatTypes: [] } }],
  [{ threat: { threatTypes: [1] } }],
  [{ other: 1 }],
  ['[]'],
])('%j is malformed', (body) => expect(ask(body)).toMatchObject({ outcome: 'failed', class: 'malformed' }));

test('an expiry in the past or none at all', () => {
  const threat = { threatTypes: ['MALWARE'] };
  expect(ask({ threat: { ...threat, expireTime: '2020-01-01T00:00:00Z' } })).toMatchObject({ ttlMs: 0 });
  expect(ask({ threat })).not.toHaveProperty('ttlMs');
});

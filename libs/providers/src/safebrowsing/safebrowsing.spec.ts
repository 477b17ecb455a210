import {
  asked,
  broken,
  CONTEXT,
  findingsOf,
  recorded,
  recordedText,
  reply,
} from '../spec-support/replies.js';
import { safebrowsing } from './safebrowsing.js';

const [BAD, GOOD] = ['http://www.urltocheck1.org/', 'http://www.urltocheck2.org/'] as const;
const QUESTIONS = asked('safebrowsing', BAD, GOOD);
const CLEAN = {
  outcome: 'ok',
  numbers: {
    threats: 0,
    match_count: 0,
    malware: false,
    social_engineering: false,
    unwanted_software: false,
    potentially_harmful_application: false,
  },
  ttlMs: 1_800_000,
};
const LISTED = {
  ...CLEAN,
  numbers: { ...CLEAN.numbers, threats: 1, match_count: 1, malware: true },
  ttlMs: 300_000,
};

const match = (url: string, changes: object = {}) => ({
  ...recorded(import.meta.url, 'match.json').matches[0],
  threat: { url },
  ...changes,
});
const ask = (...matches: unknown[]) => findingsOf(safebrowsing, QUESTIONS, [reply({ matches })]);

test('sends all URLs in one call of the recorded shape, the key in the query only', () => {
  const [request, ...more] = safebrowsing.request(QUESTIONS, CONTEXT);
  const { client: _, ...shape } = recorded(import.meta.url, 'request.json');
  expect(more).toEqual([]);
  expect(request).toMatchObject({ method: 'POST' });
  expect(request?.url).toBe('https://safebrowsing.googleapis.com/v4/threatMatches:find?key=secret-key-1');
  expect(JSON.parse(request?.body ?? '')).toMatchObject(shape);
  expect(request?.body).not.toContain(CONTEXT.key);
});

test('the recorded match: listed, and the URL beside it is a measured zero', () => {
  expect(findingsOf(safebrowsing, QUESTIONS, [reply(recordedText(import.meta.url, 'match.json'))])).toEqual([
    LISTED,
    CLEAN,
  ]);
});

test('{} clears all', () => {
  expect(findingsOf(safebrowsing, QUESTIONS, [reply('{}')])).toEqual([CLEAN, CLEAN]);
});

test('matches of one URL add up, kinds are counted once, the shortest duration holds', () => {
  const [bad, good] = ask(
    match(GOOD, { cacheDuration: '593.440s' }),
    match(BAD, { threatType: 'SOCIAL_ENGINEERING', cacheDuration: '60s' }),
    match(BAD, { cacheDuration: '99999s' }),
    match(BAD, { platformType: 'WINDOWS' }),
  );
  expect(bad).toMatchObject({
    numbers: {
      threats: 2,
      match_count: 3,
      malware: true,
      social_engineering: true,
      unwanted_software: false,
    },
    ttlMs: 60_000,
  });
  expect(good).toMatchObject({ ttlMs: 593_440, numbers: { threats: 1 } });
});

test('a URL is recognised in its normalised spelling', () => {
  expect(ask(match('HTTP://www.URLtocheck1.org'))).toEqual([LISTED, CLEAN]);
});

test('a match for a URL nobody asked about leaves the listed listed, and nobody clean', () => {
  expect(ask(match(BAD), match('http://elsewhere.example/'))).toMatchObject([
    { outcome: 'ok', numbers: { malware: true } },
    { outcome: 'failed', class: 'malformed' },
  ]);
});

test.each([
  ['a match that is null', { matches: [null] }],
  ['a match without a URL', { matches: [match(BAD, { threat: {} })] }],
  ['a kind that is a number', { matches: [match(BAD, { threatType: 1 })] }],
  ['matches that are no list', { matches: {} }],
  ['null for matches', { matches: null }],
  ['a foreign object', { status: 'ok' }],
  ['an error of another shape', { error: 'no' }],
])('%s is malformed for all', (_name, body) => {
  const failed = { outcome: 'failed', class: 'malformed' };
  expect(findingsOf(safebrowsing, QUESTIONS, [reply(body)])).toMatchObject([failed, failed]);
});

test.each([
  ['exhausted', reply(recordedText(import.meta.url, 'exhausted.json'), { status: 429 }), 'rate_limited'],
  ['HTML', reply('<html>', { status: 200 }), 'server'],
  ['cut JSON', reply('{"matches":['), 'malformed'],
  ['an empty body', reply(''), 'malformed'],
  ['a body over the cap', reply('{}', { truncated: true }), 'malformed'],
  ['204', reply('', { status: 204 }), 'malformed'],
  ['500', reply('', { status: 500 }), 'server'],
  ['a reset', broken('reset'), 'network'],
])('%s fails all', (_name, got, cls) => {
  const failed = { outcome: 'failed', class: cls };
  expect(findingsOf(safebrowsing, QUESTIONS, [got])).toMatchObject([failed, failed]);
});

test('the same limit per day is quota', () => {
  const body = recordedText(import.meta.url, 'exhausted.json').replace('per minute', 'per day');
  expect(findingsOf(safebrowsing, QUESTIONS, [reply(body, { status: 429 })])[0]).toMatchObject({
    class: 'quota',
  });
});

test('both rounds share one surface; the second asks only for another URL', () => {
  expect(safebrowsing.asks.map(({ surface }) => surface)).toEqual(['safebrowsing', 'safebrowsing']);
  expect(safebrowsing.asks[1]?.needs).toMatchObject({
    need: 'required',
    fact: 'finalUrl',
    unlessSameAs: 'safebrowsing',
  });
});

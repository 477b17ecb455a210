import fc from 'fast-check';
import {
  asked,
  broken,
  CONTEXT,
  findingsOf,
  recorded,
  recordedText,
  reply,
} from '../spec-support/replies.js';
import { openpagerank } from './openpagerank.js';

const QUESTIONS = asked('openpagerank', 'example.com', 'example.org');
const ROW = recorded(import.meta.url, 'bulk.json').results[0];
const MEASURED = {
  outcome: 'ok',
  numbers: { open_page_rank: 4.68, rank: 51_234, referring_domains: 1830 },
  asOf: '2026-09-01',
};
const ask = (changes: object, questions = QUESTIONS) =>
  findingsOf(openpagerank, questions, [reply({ ...recorded(import.meta.url, 'bulk.json'), ...changes })]);

test('sends each domain once, with the key in a header', () => {
  const questions = [...QUESTIONS, ...QUESTIONS];
  const [request] = openpagerank.request(questions, CONTEXT);
  expect(request).toMatchObject({
    method: 'POST',
    url: 'https://openpagerank.keywordseverywhere.com/v1/domains/bulk',
    headers: { authorization: 'Bearer secret-key-1', 'content-type': 'application/json' },
  });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    domains: ['example.com', 'example.org'],
    include_history: false,
  });
});

test('the recorded row, and a question that the reply leaves out', () => {
  const body = recordedText(import.meta.url, 'bulk.json');
  expect(findingsOf(openpagerank, QUESTIONS, [reply(body)])).toEqual([MEASURED, undefined]);
});

test('found:false is absent; a measured zero stays a zero; null is left out', () => {
  const zero = { ...ROW, domain: 'example.org', open_page_rank: 0, rank: null, referring_domains: 0 };
  expect(
    ask({ results: [{ domain: 'example.com', found: false, open_page_rank: 0, rank: null }, zero] }),
  ).toEqual([
    { outcome: 'absent', reason: 'not in the index' },
    { ...MEASURED, numbers: { open_page_rank: 0, referring_domains: 0 } },
  ]);
});

test('rows may come in any order, twice, in capitals and for others', () => {
  const other = { ...ROW, domain: 'example.org', rank: 9 };
  const results = [
    other,
    { ...ROW, domain: 'stranger.example' },
    { ...ROW, domain: 'EXAMPLE.com' },
    ROW,
    null,
    'x',
  ];
  expect(ask({ results })).toEqual([MEASURED, { ...MEASURED, numbers: { ...MEASURED.numbers, rank: 9 } }]);
});

test('two rows that contradict each other are worth nothing', () => {
  expect(ask({ results: [ROW, { ...ROW, rank: 2 }] })[0]).toMatchObject({
    outcome: 'failed',
    class: 'malformed',
  });
});

test('a row of the parent domain answers for what lies below, and says so', () => {
  const questions = asked('openpagerank', 'someone.github.io', 'other.github.io', 'github.io');
  const findings = ask({ results: [{ ...ROW, domain: 'github.io' }] }, questions);
  const reduced = { ...MEASURED, numbers: { ...MEASURED.numbers, answered_domain: 'github.io' } };
  expect(findings).toEqual([reduced, reduced, MEASURED]);
});

test('a refused string is our fault, whatever else the reply says', () => {
  expect(ask({ invalid: ['Example.org'] })).toMatchObject([
    { outcome: 'ok' },
    { outcome: 'failed', class: 'bad_request' },
  ]);
});

test('an address is not sent, and is no rank', () => {
  const questions = asked('openpagerank', '192.0.2.7', 'example.com');
  expect(openpagerank.request(questions, CONTEXT)[0]?.body).not.toContain('192.0.2.7');
  expect(openpagerank.request(questions.slice(0, 1), CONTEXT)).toEqual([]);
  const skipped = { outcome: 'skipped', reason: 'unsupported' };
  expect(ask({}, questions)).toEqual([skipped, MEASURED]);
  expect(findingsOf(openpagerank, questions.slice(0, 1), [])).toEqual([skipped]);
});

test.each([
  [{ open_page_rank: '4.68' }],
  [{ open_page_rank: 10.1 }],
  [{ open_page_rank: -1 }],
  [{ rank: 0 }],
  [{ rank: 1.5 }],
  [{ referring_domains: 2 ** 60 }],
  [{ referring_domains: true }],
  [{ found: 'true' }],
  [{ found: undefined }],
  [{ open_page_rank: null, rank: null, referring_domains: null }],
])('a row with %j is malformed', (changes) => {
  expect(ask({ results: [{ ...ROW, ...changes }] })[0]).toMatchObject({
    outcome: 'failed',
    class: 'malformed',
  });
});

test.each([
  [reply(recordedText(import.meta.url, 'unauthorised.json'), { status: 401 }), 'auth'],
  [reply(recordedText(import.meta.url, 'too-many.json'), { status: 429 }), 'rate_limited'],
  [reply('<!doctype html>', { status: 404 }), 'server'],
  [reply('<html>'), 'server'],
  [reply({ results: {} }), 'malformed'],
  [reply({}), 'malformed'],
  [reply('{"results":[{'), 'malformed'],
  [broken('timeout'), 'timeout'],
])('reply %# fails all', (got, cls) => {
  const failed = { outcome: 'failed', class: cls };
  expect(findingsOf(openpagerank, QUESTIONS, [got])).toMatchObject([failed, failed]);
});

test('whatever a row lacks, its number is lacking', () => {
  const ids = Object.keys(MEASURED.numbers);
  fc.assert(
    fc.property(fc.subarray(ids, { minLength: 1 }), (kept) => {
      const row = Object.fromEntries(
        Object.entries(ROW).filter(([id]) => !ids.includes(id) || kept.includes(id)),
      );
      const [finding] = ask({ results: [row] });
      expect(Object.keys((finding as { numbers: object }).numbers).sort()).toEqual([...kept].sort());
    }),
  );
});

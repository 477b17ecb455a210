import { answerKey } from './answer-key.js';
import { isFresh } from './answer-store.js';

const NOW = 1_000_000;
const answer = { fetchedAt: NOW - 10_000, expiresAt: NOW + 5_000 };

test.each([
  ['within its time to live', answer, { dispatchedAt: NOW }, true],
  ['expired', { ...answer, expiresAt: NOW - 1 }, { dispatchedAt: NOW }, false],
  ['too old for this row', answer, { dispatchedAt: NOW, maxAgeMs: 9_999 }, false],
  ['young enough for this row', answer, { dispatchedAt: NOW, maxAgeMs: 10_000 }, true],
  [
    'fetched since dispatch, expired or not',
    { ...answer, expiresAt: NOW - 1 },
    { dispatchedAt: NOW - 10_000, maxAgeMs: 0 },
    true,
  ],
  [
    'fetched since the first rows of its list were dispatched',
    { ...answer, expiresAt: NOW - 1 },
    { dispatchedAt: NOW, freshFrom: NOW - 10_000, maxAgeMs: 0 },
    true,
  ],
  [
    'fetched before its list began',
    answer,
    { dispatchedAt: NOW, freshFrom: NOW - 9_999, maxAgeMs: 0 },
    false,
  ],
])('%s', (_, stored, row, fresh) => {
  expect(isFresh(stored, row, NOW)).toBe(fresh);
});

test('a key depends on surface, version, unit and options', () => {
  const keys = [
    answerKey('moz.url', 1, 'https://a.test/'),
    answerKey('moz.domain', 1, 'https://a.test/'),
    answerKey('moz.url', 2, 'https://a.test/'),
    answerKey('moz.url', 1, 'https://b.test/'),
    answerKey('moz.url', 1, 'https://a.test/', 'fresh'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(answerKey('moz.url', 1, 'https://a.test/')).toBe(keys[0]);
});

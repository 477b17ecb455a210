import { typeOf } from './new-list.js';
import { submissionOf, submissionPath } from './paths.js';
import { limitWords } from './provider-panel.js';

test('limits are read in the span they were written in', () => {
  expect(limitWords({ permits: 1, perMs: 1_000, of: 'calls' })).toBe('1 call per second');
  expect(limitWords({ permits: 30_000, perMs: 30 * 86_400_000, of: 'units' })).toBe(
    '30,000 units per 30 days',
  );
  expect(limitWords({ permits: 3, perMs: 5 * 60_000, of: 'calls' })).toBe('3 calls per 5 minutes');
  expect(limitWords({ permits: 3, perMs: 250, of: 'calls' })).toBe('3 calls per 250 ms');
});

test('a file is sent as what its name says', () => {
  expect(['a.txt', 'a.CSV', 'a.json', 'a'].map(typeOf)).toEqual([
    'text/plain',
    'text/csv',
    'application/json',
    'text/plain',
  ]);
});

test('an id from the address bar stays one part of a path', () => {
  expect(submissionPath(submissionOf('?submission=../x?y') ?? '')).toBe('/v1/submissions/..%2Fx%3Fy');
  expect(submissionOf('')).toBeUndefined();
});

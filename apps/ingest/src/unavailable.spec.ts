import { CommitUnknown } from '@assay/database';
import { unavailableWords } from './unavailable.js';

const coded = (code: string) => Object.assign(new Error('as PostgreSQL says it'), { code });

test.each([
  ['53100', /^The disk of PostgreSQL is full; nothing was kept\. Send it again/],
  ['25006', /^PostgreSQL is read-only; nothing was kept/],
  ['53300', /^PostgreSQL has no connection left; nothing was kept/],
  ['57014', /^PostgreSQL took too long; nothing was kept/],
  ['ECONNREFUSED', /^PostgreSQL does not answer; nothing was kept/],
])('%s: why, what became of it, what to do', (code, words) => {
  expect(unavailableWords(coded(code))).toMatch(words);
});

test('a commit whose answer was lost claims nothing, and says where to look', () => {
  const words = unavailableWords(new CommitUnknown(coded('ECONNRESET')), 'GET /v1/submissions/x');
  expect(words).toMatch(/all of it was kept or nothing\. See GET \/v1\/submissions\/x before/);
});

test('a fault of ours is none of PostgreSQL', () => {
  expect(unavailableWords(new TypeError('x is undefined'))).toBeUndefined();
  expect(unavailableWords(coded('23505'))).toBeUndefined();
});

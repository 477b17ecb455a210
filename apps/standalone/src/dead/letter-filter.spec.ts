import type { DeadLetterFound } from '@assay/messaging';
import { isMeant, readFilter, type FilterOptions } from './letter-filter.js';
import { Mistake } from './mistake.js';

const submission = '01900000-0000-7000-8000-000000000000';
const letter: DeadLetterFound = {
  place: { topic: 'url.submitted.dead', partition: 3, offset: '7' },
  at: 1_790_000_000_000,
  message: 'url.submitted',
  lane: 'bulk',
  group: 'store',
  code: 'unstorable',
  reason: 'no',
  attempts: 1,
  origin: { topic: 'url.submitted.bulk', partition: 3, offset: '42' },
  timestamp: '1790000000000',
  value: Buffer.from(JSON.stringify({ plan: { submission }, seq: 1, url: 'http://a.test/' })),
  headers: {},
};

test.each<[FilterOptions, boolean]>([
  [{}, true],
  [{ group: 'store', code: 'unstorable', message: 'url.submitted', submission }, true],
  [{ group: 'joiner' }, false],
  [{ code: 'contract' }, false],
  [{ message: 'row.joined' }, false],
  [{ submission: submission.toUpperCase() }, true],
  [{ submission: submission.replace('019', '018') }, false],
  [{ letter: 'url.submitted.dead:3:7' }, true],
  [{ letter: 'url.submitted.bulk:3:42' }, true],
  [{ letter: 'url.submitted.bulk:3:43' }, false],
  [{ group: 'store', code: 'contract' }, false],
])('%j: %s', (options, meant) => {
  expect(isMeant(letter, readFilter(options))).toBe(meant);
});

test.each<FilterOptions>([{ message: 'url' }, { submission: 'mine' }, { letter: 'url.submitted.dead' }])(
  '%j is refused with what to write',
  (options) => {
    expect(() => readFilter(options)).toThrow(Mistake);
  },
);

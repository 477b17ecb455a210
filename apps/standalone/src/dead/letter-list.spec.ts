import type { DeadLetterFound } from '@assay/messaging';
import { LetterList, listed } from './letter-list.js';
import { countLines, letterLines } from './letter-text.js';

const submission = '01900000-0000-7000-8000-000000000000';

function letter(at: number, given: Partial<DeadLetterFound> = {}): DeadLetterFound {
  const message = { plan: { submission }, seq: at, url: 'http://a.test/' };
  return {
    place: { topic: 'url.submitted.dead', partition: 3, offset: String(at) },
    at: 1_790_000_000_000 + at * 1_000,
    message: 'url.submitted',
    lane: 'bulk',
    group: 'store',
    code: 'unstorable',
    reason: 'a\u001b[31mred\nline',
    attempts: 2,
    origin: { topic: 'url.submitted.bulk', partition: 3, offset: '42' },
    timestamp: '1790000000000',
    value: Buffer.from(JSON.stringify(message)),
    headers: {},
    ...given,
  };
}

test('the newest are kept, newest first, and all are counted', () => {
  const list = new LetterList(3);
  for (const at of [5, 1, 9, 2, 8, 3, 7, 4])
    list.add(letter(at, at > 4 ? { group: 'joiner', code: 'contract' } : {}));
  expect(list.newest().map(({ letter: { offset } }) => offset)).toEqual(['9', '8', '7']);
  expect(list.total).toBe(8);
  list.add(letter(6, { code: 'not_json', group: '' }));
  expect(countLines(list.counts)).toEqual([
    '  joiner      4: contract 4',
    '  store       4: unstorable 4',
    '  (no group)  1: not_json 1',
  ]);
});

test('a letter is some lines, in which nothing reaches the terminal but text', () => {
  expect(letterLines(listed(letter(1)), 200)).toEqual([
    '2026-09-21 14:13:21  url.submitted bulk  store gave up after 2 tries: unstorable',
    '  reason  a\ufffd[31mred\ufffdline',
    '  origin  url.submitted.bulk:3:42',
    '  letter  url.submitted.dead:3:1  93 B',
    `  row     ${submission} 1 http://a.test/`,
  ]);
});

test('a parked cell, a value that cannot be read, many rows, a narrow terminal', () => {
  const origin = { topic: 'url.submitted.bulk', partition: 3, offset: '-1' };
  const value = Buffer.alloc(2_048);
  expect(
    letterLines(listed(letter(1, { origin, value, attempts: 1, lane: undefined, group: '' })), 60),
  ).toEqual([
    '2026-09-21 14:13:21  url.submitted   (no group) gave up aft…',
    '  reason  a\ufffd[31mred\ufffdline',
    '  origin  a parked cell, for url.submitted.bulk:3',
    '  letter  url.submitted.dead:3:1  2.0 KB',
    '  row     none can be read from it',
  ]);
  const cells = Array.from({ length: 5 }, (_, seq) => ({ plan: 0, seq }));
  const many = listed(letter(1, { value: Buffer.from(JSON.stringify({ plans: [{ submission }], cells })) }));
  const lines = letterLines({ ...many, returnedAt: '2026-09-22T00:00:00.000Z' }, 200);
  expect(lines.at(-1)).toBe('          and 2 more');
  expect(lines[3]).toContain('returned 2026-09-22 00:00:00');
});

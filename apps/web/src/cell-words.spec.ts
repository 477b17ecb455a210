import { FAILURE_CLASSES, SKIP_REASONS, type CellView } from '@assay/contracts';
import { cellWords, lastAttemptWords, reasonWords } from './cell-words.js';

const NOW = new Date(2026, 0, 1, 12, 0).getTime();
const IN_TWO_HOURS = new Date(2026, 0, 1, 14, 3).getTime();
const cell = (more: Partial<CellView>): CellView => ({ gen: 0, outcome: 'ok', at: NOW, ...more });

test('every class of failure and every reason to skip has words of its own', () => {
  const words = [
    ...FAILURE_CLASSES.map((detail) => cellWords(cell({ outcome: 'failed', detail }), 'final', 1, NOW)),
    ...SKIP_REASONS.map((detail) => cellWords(cell({ outcome: 'skipped', detail }), 'final', 1, NOW)),
  ];
  for (const each of words) {
    expect(each?.short).not.toBe('');
    expect(each?.short).not.toContain('_');
    expect(each?.long).toMatch(/^[A-Z].{15,}\.$/);
  }
});

test('it says until when', () => {
  const down = cell({ outcome: 'skipped', detail: 'provider_down', until: IN_TWO_HOURS });
  expect(cellWords(down, 'final', 1, NOW)).toMatchObject({
    kind: 'skipped',
    short: 'provider down until 14:03',
    long: expect.stringContaining('after 14:03'),
  });
  expect(cellWords(down, 'final', 1, IN_TWO_HOURS + 1)?.short).toBe('provider down');
});

test('a cell without an outcome says what it waits for', () => {
  expect(cellWords(undefined, 'waiting', 1, NOW)?.short).toBe('waiting');
  expect(cellWords(undefined, 'partial', 1, NOW)?.short).toBe('asked, no answer yet');
  expect(cellWords(undefined, 'partial', 2, NOW)?.short).toBe('needs round one');
  expect(cellWords(undefined, 'final', 2, NOW)?.short).toBe('not planned');
});

test('absent is not failed, and a value needs no words', () => {
  expect(cellWords(cell({ outcome: 'absent' }), 'final', 1, NOW)?.short).toBe('provider has nothing');
  expect(cellWords(cell({}), 'final', 1, NOW)).toBeUndefined();
});

test('a failed later attempt stands beside the value', () => {
  const last = { gen: 1, outcome: 'failed', detail: 'timeout', at: NOW } as const;
  expect(lastAttemptWords(cell({ last }), NOW)).toBe(
    'Last try failed: no answer in time. The value is from before.',
  );
  expect(lastAttemptWords(cell({ last: { ...last, outcome: 'ok' } }), NOW)).toBeUndefined();
  expect(lastAttemptWords(cell({}), NOW)).toBeUndefined();
});

test('a value older than was asked for says so, with its date', () => {
  const last = { gen: 0, outcome: 'failed', detail: 'timeout', at: NOW } as const;
  const yesterday = new Date(2025, 11, 24, 9, 5).getTime();
  const words = lastAttemptWords(cell({ stale: true, at: yesterday, last }), NOW);
  expect(words).toMatch(/^Older value, from .*24.*; last try failed: no answer in time\.$/);
});

test('reasons as counted are read in the words of cells, new ones too', () => {
  expect(reasonWords('failed(timeout)')).toBe('no answer in time');
  expect(reasonWords('skipped(quota)')).toBe('quota used up');
  expect(reasonWords('skipped(brand_new)')).toBe('brand new');
});

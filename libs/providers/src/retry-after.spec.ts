import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(2026, 10, 24, 12);

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['99999999', 86_400_000],
  ['Tue, 24 Nov 2026 12:01:00 GMT', 60_000],
  ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
])('%j is %s ms', (value, expected) => {
  expect(retryAfterMs({ 'retry-after': value }, NOW)).toBe(expected);
});

test('a date counts from the clock of the server that wrote it', () => {
  const headers = { 'retry-after': 'Tue, 24 Nov 2026 13:00:30 GMT', date: 'Tue, 24 Nov 2026 13:00:00 GMT' };
  expect(retryAfterMs(headers, NOW)).toBe(30_000);
});

import { pauseByHeaders } from './rate-headers.js';

const NOW = Date.UTC(2026, 10, 25, 12);

test.each([
  [
    'a time in seconds (GitHub)',
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 90) },
    90_000,
  ],
  [
    'a date (Mastodon)',
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-11-25T12:05:00.000Z' },
    300_000,
  ],
  ['seconds to wait (Reddit)', { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '42' }, 42_000],
  ['the draft of the IETF', { 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }, 7_000],
  ['something left', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '42' }, undefined],
  ['no reset', { 'x-ratelimit-remaining': '0' }, undefined],
  [
    'a reset that has passed',
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 - 5) },
    undefined,
  ],
  ['nonsense', { 'x-ratelimit-remaining': 'many', 'x-ratelimit-reset': 'soon' }, undefined],
  ['nothing', {}, undefined],
  ['more than a day', { 'ratelimit-remaining': '0', 'ratelimit-reset': '9999999' }, 86_400_000],
])('%s', (_, headers, wait) => {
  expect(pauseByHeaders(headers as Record<string, string>, NOW)).toBe(wait);
});

test('with 429 nothing is left, though only the reset is told; what says otherwise is not taken for a pause', () => {
  const pause = (headers: Record<string, string>) => pauseByHeaders(headers, NOW, true);
  expect(pause({ 'x-ratelimit-reset': '42' })).toBe(42_000);
  expect(pause({ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '42' })).toBeUndefined();
  expect(pause({ 'x-ratelimit-limit': '60' })).toBeUndefined();
  expect(pauseByHeaders({ 'x-ratelimit-reset': '42' }, NOW)).toBeUndefined();
});

import type { Reply } from './classify-reply.js';
import { errorBody, googleFailure } from './google-error.js';
import { msToPacificMidnight } from './pacific-midnight.js';
import { reply } from './spec-support/replies.js';

const NOW = Date.UTC(2026, 10, 24, 12);

function failure(error: object, status: number, headers = {}) {
  const got = reply({ error }, { status, headers }) as Reply;
  return googleFailure(got, errorBody(got), NOW, 'k-123');
}

test.each([
  [{ code: 429, message: "limit 'Queries per minute'", status: 'RESOURCE_EXHAUSTED' }, 429, 'rate_limited'],
  [
    { code: 403, message: 'rateLimitExceeded', errors: [{ reason: 'rateLimitExceeded' }] },
    403,
    'rate_limited',
  ],
  [
    { code: 403, message: 'no', status: 'PERMISSION_DENIED', details: [{ reason: 'RATE_LIMIT_EXCEEDED' }] },
    403,
    'rate_limited',
  ],
  [{ code: 400, message: 'API key not valid. Please pass one.', status: 'INVALID_ARGUMENT' }, 400, 'auth'],
  [{ code: 403, message: 'has not been used', status: 'PERMISSION_DENIED' }, 403, 'auth'],
  [{ code: 400, message: 'Invalid value', status: 'INVALID_ARGUMENT' }, 400, 'bad_request'],
  [{ code: 503, message: 'unavailable', status: 'UNAVAILABLE' }, 503, 'server'],
  [{ code: 504, message: 'late', status: 'DEADLINE_EXCEEDED' }, 504, 'timeout'],
  [{ code: 429, message: 'in a 200', status: 'RESOURCE_EXHAUSTED' }, 200, 'rate_limited'],
  [{ message: 7 }, 500, 'server'],
])('%j with HTTP %i is %s', (error, status, cls) => {
  expect(failure(error, status)?.class).toBe(cls);
});

test('a limit per day is quota until midnight in California: 12:00 UTC is 04:00 there', () => {
  const error = { code: 429, message: "limit 'Queries per day' of service x", status: 'RESOURCE_EXHAUSTED' };
  expect(failure(error, 429)).toMatchObject({ class: 'quota', retryAfterMs: 20 * 3_600_000 });
});

test('a limit per minute waits as long as it is told to', () => {
  const error = { code: 429, message: 'per minute', status: 'RESOURCE_EXHAUSTED' };
  expect(failure(error, 429, { 'retry-after': '9' })).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 9000,
  });
});

test('a key that the message repeats is not passed on', () => {
  expect(failure({ code: 400, message: 'API key not valid: k-123' }, 400)?.message).not.toContain('k-123');
});

test('a body that is no error object leaves the status', () => {
  const html = reply('<html>', { status: 502 }) as Reply;
  expect(googleFailure(html, errorBody(html), NOW, 'k')).toMatchObject({ class: 'server' });
});

test.each([
  ['a plain day', Date.UTC(2026, 5, 1, 7, 0, 1), 24 * 3600 - 1],
  ['the short day of spring', Date.UTC(2026, 2, 8, 8, 0, 0), 23 * 3600],
  ['the long day of autumn', Date.UTC(2026, 10, 1, 7, 0, 0), 25 * 3600],
])('midnight of %s', (_day, now, seconds) => {
  expect(msToPacificMidnight(now)).toBe(seconds * 1000);
});

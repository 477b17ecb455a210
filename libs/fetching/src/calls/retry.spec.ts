import { countsForBreaker, nextUtcDay, retryDelay, throttleMs } from './retry.js';

test.each([
  ['server', 9, [250, 500, 1_000]],
  ['timeout', 9, [250, 500]],
  ['network', 9, [250, 500]],
  ['malformed', 9, [250]],
  ['server', 1, [250]],
  ['server', 0, []],
  ['bad_request', 9, []],
  ['auth', 9, []],
  ['quota', 9, []],
] as const)('%s with %d retries waits at most %j', (failure, retries, most) => {
  const delays: number[] = [];
  for (let attempts = 1; ; attempts++) {
    const delay = retryDelay(failure, attempts, retries, 1);
    if (delay === undefined) break;
    delays.push(delay);
  }
  expect(delays).toEqual(most);
});

test('a refused unit says nothing about the provider, unless it punishes those who send many', () => {
  expect(countsForBreaker('server', {})).toBe(true);
  expect(countsForBreaker('bad_request', {})).toBe(false);
  expect(countsForBreaker('bad_request', { countsBadRequest: true })).toBe(true);
  expect(countsForBreaker('quota', { countsBadRequest: true })).toBe(false);
});

test('jitter is full', () => {
  expect(retryDelay('server', 1, 3, 0)).toBe(0);
  expect(retryDelay('server', 2, 3, 0.5)).toBe(250);
});

test('a throttle without a word doubles up to a minute; what the provider says is capped at a day', () => {
  expect([0, 1, 2, 10].map((throttles) => throttleMs(undefined, throttles, 0))).toEqual([
    1_000, 2_000, 4_000, 60_000,
  ]);
  expect(throttleMs(3_000, 5, 1)).toBeCloseTo(3_300);
  expect(throttleMs(1e12, 0, 0)).toBe(86_400_000);
});

test('a spent quota comes back the next day', () => {
  expect(new Date(nextUtcDay(Date.parse('2026-02-28T23:00:00Z'))).toISOString()).toBe(
    '2026-03-01T00:00:00.000Z',
  );
});

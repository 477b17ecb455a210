import { DayQuota } from './day-quota.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon UTC in November: 4 in the morning in Los Angeles. */
const NOON = Date.UTC(2026, 10, 24, 12);
const WINDOW = { permits: 10, perMs: DAY, of: 'calls' } as const;

test('what is spent comes back whole at midnight, not bit by bit', () => {
  const quota = new DayQuota(WINDOW, 'utc');
  quota.take(10, NOON);
  expect(quota.waitToStart(1, NOON)).toBe(12 * HOUR);
  expect(quota.waitToStart(1, NOON + 11 * HOUR)).toBe(HOUR);
  expect(quota.left(NOON)).toBe(0);
  expect(quota.waitToStart(10, NOON + 12 * HOUR)).toBe(0);
  expect(quota.left(NOON + 12 * HOUR)).toBe(1);
});

test('midnight is that of the provider', () => {
  const quota = new DayQuota(WINDOW, 'pacific');
  quota.take(10, NOON);
  expect(quota.waitToStart(1, NOON)).toBe(20 * HOUR);
});

test('a long queue waits for as many days as it needs', () => {
  const quota = new DayQuota(WINDOW, 'utc');
  quota.take(4, NOON);
  expect(quota.waitFor(6, NOON)).toBe(0);
  expect(quota.waitFor(7, NOON)).toBe(12 * HOUR);
  expect(quota.waitFor(17, NOON)).toBe(12 * HOUR + DAY);
});

test('a call that took more than the day held is booked on the next one', () => {
  const quota = new DayQuota(WINDOW, 'utc');
  quota.take(25, NOON);
  expect(quota.waitToStart(1, NOON + DAY)).toBe(12 * HOUR);
  expect(quota.idle(NOON + DAY)).toBe(false);
  expect(quota.left(NOON + 2 * DAY)).toBeCloseTo(0.5);
});

test('a share of a permit is one permit', () => {
  const quota = new DayQuota({ ...WINDOW, permits: 3 }, 'utc', 0.1);
  expect(quota.waitToStart(1, NOON)).toBe(0);
});

import { healthFigures, quotaWords, troubleFigures } from './health-words.js';
import { latency } from './numbers.js';
import type { ProviderHealth } from './shapes.js';

const NOW = new Date(2026, 1, 3, 14, 0).getTime();
const LATER = new Date(2026, 1, 3, 18, 4).toISOString();
const UNKNOWN: ProviderHealth = {
  state: 'unknown',
  keys: 0,
  troubled: 0,
  open: 0,
  halfOpen: 0,
  troubles: [],
  calls: null,
  callsPerMinute: null,
  successRate: null,
  rateLimitedShare: null,
  p50Ms: null,
  p95Ms: null,
  quota: null,
  parked: 0,
  waiting: null,
  lag: null,
};
const shown = (health: Partial<ProviderHealth>) =>
  healthFigures({ ...UNKNOWN, ...health }, NOW).map(({ name, value }) => `${name}: ${value}`);

test('what is not known is left out', () => {
  expect(shown({})).toEqual([]);
  expect(shown({ state: 'closed', calls: 0, callsPerMinute: 0 })).toEqual([
    'calls: 0 a minute',
    'breaker: closed',
  ]);
});

test('what is known is shown, a measured zero too', () => {
  const quota = { left: 600, permits: 1_000, of: 'calls', resetsAt: LATER, pausedUntil: null };
  expect(
    shown({
      state: 'open',
      keys: 3,
      open: 1,
      calls: 12,
      callsPerMinute: 11.8,
      successRate: 0,
      rateLimitedShare: 0.254,
      p50Ms: 86.3,
      p95Ms: 1_234,
      quota,
      parked: 1_204,
      waiting: 0,
      lag: 1,
    }),
  ).toEqual([
    'calls: 12 a minute',
    'success: 0 %',
    'p50 / p95: 86 ms / 1.2 s',
    'refused (429): 25 %',
    'breaker: open for 1 of 3',
    'quota left: 600 of 1,000 calls, next at 18:04',
    'waiting: 0',
    'parked: 1,204',
    'lag: 1 message',
  ]);
});

test('a breaker that waits for a try is neither open nor closed', () => {
  expect(shown({ state: 'half_open', keys: 1, troubled: 1, halfOpen: 1 })).toEqual([
    'breaker: to be tried again',
  ]);
});

test('a provider that makes all keys wait is said beside what is left by our count', () => {
  const quota = { left: 5, permits: 10, of: 'units', resetsAt: null, pausedUntil: LATER };
  expect(quotaWords(quota, NOW)).toBe('5 of 10 units, told to wait until 18:04');
});

test('a limit key in trouble has its figures in one line, or none', () => {
  const key = { limitKey: 'a.test', state: 'open', reason: null, until: null };
  expect(troubleFigures({ ...UNKNOWN, ...key })).toBe('');
  expect(
    troubleFigures({ ...UNKNOWN, ...key, calls: 3, callsPerMinute: 3, successRate: 0.5, parked: 2 }),
  ).toBe('calls 3 a minute, success 50 %, parked 2');
});

test('a latency is never shown as 0', () => {
  expect([0.2, 1, 999, 1_000, 12_345].map(latency)).toEqual(['<1 ms', '1 ms', '999 ms', '1 s', '12.3 s']);
});

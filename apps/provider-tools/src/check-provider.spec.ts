import { isAlarming, judge, type CheckState } from './check-provider.js';
import { checkTable } from './print-checks.js';
import { exitCode } from './exit-code.js';

const failed = (cls: 'auth' | 'quota' | 'rate_limited' | 'malformed' | 'server' | 'timeout') =>
  judge({ outcome: 'failed', class: cls, message: 'rank is out of range' }, []);

test.each([
  ['auth', 'auth', true],
  ['quota', 'quota', false],
  ['rate_limited', 'quota', false],
  ['malformed', 'drifted', true],
  ['server', 'down', true],
  ['timeout', 'down', true],
] as const)('failed(%s) is %s', (cls, state, alarming) => {
  const check = { provider: 'x', ...failed(cls) };
  expect(check.state).toBe(state);
  expect(check.detail).toContain('rank is out of range');
  expect(isAlarming(check)).toBe(alarming);
});

test('a canary that is unknown to its provider is a drift', () => {
  expect(judge({ outcome: 'absent', reason: 'not ranked' }, [])).toMatchObject({ state: 'drifted' });
});

test('numbers that are missing are named, and alarm nobody', () => {
  expect(judge({ outcome: 'ok', numbers: { a: 1 } }, ['b', 'c'])).toEqual({
    state: 'ok',
    detail: '1 numbers, without b, c',
  });
});

test('the table names each provider; cron hears of trouble alone', () => {
  const check = (provider: string, state: CheckState) => ({ provider, state, detail: 'd' });
  const good = [check('dns', 'ok'), check('moz', 'off'), check('radar', 'quota')];
  expect(checkTable(good)).toContain('2 of 2 providers answer as they should. 1 are switched off');
  expect(exitCode(good)).toBe(0);
  const bad = [...good, { ...check('crux', 'auth'), key: 2, quotaLeft: 1_000 }];
  expect(checkTable(bad)).toMatch(/crux #2\s+auth\s+1,000\s+d/);
  expect(checkTable(bad)).toContain('1 of 3 need a look: crux.');
  expect(exitCode(bad)).toBe(1);
});

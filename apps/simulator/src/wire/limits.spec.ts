import type { Window } from './exchange.js';
import { Limits } from './limits.js';

const DAY = 86_400_000;
const second: Window = { permits: 20, perMs: 1_000, of: 'calls' };

function caller(limits: Limits, provider: string, windows?: readonly Window[], key = `${provider}|k`) {
  const limit = windows && { key, windows };
  /** Milliseconds to wait; 0: let through and charged. */
  return (now: number, units = 1, host = 'h'): number => {
    const found = limits.keyOf({ provider, ...(limit && { limit }) }, host, now);
    const refused = found?.refusal(units, now);
    if (!refused) found?.charge(units, now);
    return refused?.resetMs ?? 0;
  };
}

const times = (count: number, call: () => number) => Array.from({ length: count }, call);

describe('limits', () => {
  test('let through what is documented and not one more; who is refused takes nothing', () => {
    const call = caller(new Limits(1), 'dns', [second]);
    expect(times(25, () => call(0)).filter((wait) => wait === 0)).toHaveLength(20);
    expect(call(999)).toBe(1);
    expect(times(21, () => call(1_000))).toEqual([...Array.from({ length: 20 }, () => 0), 1_000]);
  });

  test('the longest wait of several windows counts, and none of them is charged', () => {
    const call = caller(new Limits(1), 'majestic', [
      { permits: 2, perMs: 1_000, of: 'calls' },
      { permits: 100, perMs: 60_000, of: 'units' },
    ]);
    expect([call(0, 60), call(0, 50), call(0, 40)]).toEqual([0, 60_000, 0]);
    expect([call(1_000, 1), call(60_000, 100)]).toEqual([59_000, 0]);
  });

  test('a quota of the day comes back whole at midnight, and says that it is one', () => {
    const limits = new Limits(1);
    const day: Window = { permits: 10, perMs: DAY, of: 'calls', resets: 'utc' };
    const call = caller(limits, 'virustotal', [day]);
    const noon = DAY / 2;
    expect(times(11, () => call(noon))).toEqual([...Array.from({ length: 10 }, () => 0), noon]);
    const key = limits.keyOf(
      { provider: 'virustotal', limit: { key: 'virustotal|k', windows: [day] } },
      'h',
      0,
    );
    expect(key?.refusal(1, DAY - 1)).toEqual({ resetMs: 1, isQuota: true, limit: 10, left: 0 });
    expect(call(DAY)).toBe(0);
    const pacific = caller(limits, 'pagespeed', [{ ...day, permits: 1, resets: 'pacific' }]);
    expect([pacific(0), pacific(0), pacific(8 * 3_600_000)]).toEqual([0, 8 * 3_600_000, 0]);
  });

  test('keys do not share, the factor widens, units are charged as units', () => {
    const limits = new Limits(10);
    const a = caller(limits, 'dns', [second], 'dns|a');
    expect(times(201, () => a(0)).filter((wait) => wait === 0)).toHaveLength(200);
    expect(caller(limits, 'dns', [second], 'dns|b')(0)).toBe(0);
    const units = caller(limits, 'moz', [{ permits: 10, perMs: 1_000, of: 'units' }], 'moz|t');
    expect([units(0, 99), units(0, 2), units(0, 1)]).toEqual([0, 1_000, 0]);
    expect([limits.usedUnits('moz|t', 999), limits.usedUnits('moz|t', 1_000)]).toEqual([100, 0]);
  });

  test('a factor below a permit widens the time', () => {
    const call = caller(new Limits(0.5), 'rdap', [{ permits: 1, perMs: 1_000, of: 'calls' }]);
    expect([call(0), call(1_999), call(2_000)]).toEqual([0, 1, 0]);
  });

  test('what is left and when more is back is told of the tightest window', () => {
    const limits = new Limits(1);
    const windows: Window[] = [second, { permits: 3, perMs: 60_000, of: 'calls' }];
    const call = caller(limits, 'reddit', windows, 'reddit');
    call(0);
    call(10);
    const key = limits.keyOf({ provider: 'reddit', limit: { key: 'reddit', windows } }, 'h', 10);
    expect(key?.state(20)).toEqual({ limit: 3, left: 1, resetMs: 59_980 });
  });
});

describe('limits that are set', () => {
  test('replace those of every key, exact whatever the factor, with nothing spent', () => {
    const limits = new Limits(1_000);
    const call = caller(limits, 'dns', [second]);
    for (let nth = 0; nth < 100; nth++) call(0);
    limits.set('dns', [{ permits: 2, perMs: 1_000, of: 'calls' }]);
    expect([call(1), call(1), call(1)]).toEqual([0, 0, 1_000]);
    limits.set('dns', []);
    expect(call(1)).toBe(0);
    limits.unset('dns');
    expect(times(20_001, () => call(2)).filter((wait) => wait === 0)).toHaveLength(20_000);
    expect(limits.list()).toEqual({});
  });

  test('hold by host where a provider has no limit of its own, and leave others alone', () => {
    const limits = new Limits(1, { page: [{ permits: 1, perMs: 1_000, of: 'calls' }] });
    const page = caller(limits, 'page');
    expect([page(0, 1, 'a'), page(0, 1, 'a'), page(0, 1, 'b')]).toEqual([0, 1_000, 0]);
    const robots = caller(limits, 'robots');
    expect([robots(0), robots(0)]).toEqual([0, 0]);
    limits.unset();
    expect(page(0, 1, 'a')).toBe(0);
  });

  test('a refill forgets what was spent, not what was set', () => {
    const limits = new Limits(1, { page: [{ permits: 1, perMs: 1_000, of: 'calls' }] });
    const page = caller(limits, 'page');
    expect([page(0), page(0)]).toEqual([0, 1_000]);
    limits.reset();
    expect([page(0), page(0)]).toEqual([0, 1_000]);
  });

  test('a million hosts leave no million keys behind', () => {
    const limits = new Limits(1, { page: [{ permits: 1, perMs: 1_000, of: 'calls' }] });
    const page = caller(limits, 'page');
    for (let nth = 0; nth < 30_000; nth++) page(nth, 1, `h${nth}`);
    expect(limits.size).toBeLessThan(12_000);
    expect(page(30_000, 1, 'h29999')).toBe(999);
  });
});

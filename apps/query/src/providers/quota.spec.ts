import { readQuota } from './quota.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
const daily = (used: number, given: object = {}) => ({
  kind: 'calendar',
  ms: DAY,
  of: 'calls',
  permits: 1_000,
  used,
  resetsAt: NOW + 3_600_000,
  ...given,
});

test('the scarcest window of a minute or longer is told; a second fills again while one looks', () => {
  const second = { kind: 'sliding', ms: 1_000, of: 'calls', permits: 10, used: 10, resetsAt: NOW + 900 };
  const month = daily(100, { ms: 30 * DAY, of: 'units', permits: 30_000 });
  expect(readQuota([{ windows: [second, month, daily(400)] }], NOW)).toEqual({
    left: 600,
    permits: 1_000,
    of: 'calls',
    windowMs: DAY,
    resetsAt: iso(NOW + 3_600_000),
    pausedUntil: null,
  });
  expect(readQuota([{ windows: [second] }], NOW)).toBeNull();
});

test('all our keys add up; a window whose end has passed is whole again', () => {
  const spent = { windows: [daily(1_200)], pausedUntil: NOW + 9_000, pausedBy: 'quota' };
  const over = { windows: [daily(900, { resetsAt: NOW - 1 })] };
  expect(readQuota([spent, over], NOW)).toMatchObject({
    left: 1_000,
    permits: 2_000,
    resetsAt: iso(NOW + 3_600_000),
    pausedUntil: null,
  });
  const both = { ...spent, pausedUntil: NOW + 5_000 };
  expect(readQuota([spent, both], NOW)).toMatchObject({ left: 0, pausedUntil: iso(NOW + 5_000) });
});

test('of a window that slides each slot comes back in its own time', () => {
  const slotMs = 3_000;
  const slot = NOW / slotMs;
  const minute = (taken: Record<number, number>) => {
    const slots = Array.from({ length: 21 }, (_, age) => taken[age] ?? 0);
    const used = slots.reduce((a, b) => a + b);
    return { kind: 'sliding', ms: 60_000, of: 'calls', permits: 150, slot, taken: slots, used };
  };
  const at = (taken: Record<number, number>, now: number) => {
    const { left, resetsAt } = readQuota([{ windows: [minute(taken)] }], now)!;
    return [left, resetsAt];
  };
  const [first, last] = [NOW + 11 * slotMs, NOW + 21 * slotMs];
  expect(at({ 0: 50, 10: 100 }, NOW)).toEqual([0, iso(first)]);
  expect(at({ 0: 50, 10: 100 }, first)).toEqual([100, iso(last)]);
  expect(at({ 0: 50, 10: 100 }, NOW + 600_000)).toEqual([150, null]);
  // Beyond the limit: the first slot that is back pays for it.
  expect(at({ 0: 150, 10: 20 }, NOW)).toEqual([0, iso(last)]);
});

test('where nothing is spent there is nothing to come back', () => {
  expect(readQuota([{ windows: [daily(0)] }], NOW)).toMatchObject({ left: 1_000, resetsAt: null });
  expect(readQuota([{ windows: [daily(5, { resetsAt: undefined })] }], NOW)).toMatchObject({
    left: 995,
    resetsAt: null,
  });
});

test('what cannot be read is not known, and no number is made of it', () => {
  const bad = [
    [],
    [null],
    ['{}'],
    [{}],
    [{ windows: 3 }],
    [{ windows: [null] }],
    [{ windows: [daily(1, { permits: '1000' })] }],
    [{ windows: [daily(1, { of: 'bytes' })] }],
    [{ windows: [daily(Number.NaN)] }],
    [{ windows: [daily(-1)] }],
    [{ windows: [daily(1, { taken: [1, 'x'], slot: 3 })] }],
    [{ windows: [daily(1, { taken: [1, 0] })] }],
    [{ windows: [daily(1)] }, { windows: 'gone' }],
  ];
  for (const states of bad) expect([states, readQuota(states, NOW)]).toEqual([states, null]);
  const odd = readQuota([{ windows: [daily(1, { resetsAt: 1e300 })], pausedUntil: 'soon' }], NOW);
  expect(odd).toMatchObject({ left: 999, resetsAt: null, pausedUntil: null });
});

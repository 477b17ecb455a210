import fc from 'fast-check';
import { PermitWindow } from './permit-window.js';

test('never more than its permits in any stretch of the window, and no permit is lost', () => {
  const gaps = fc.array(fc.record({ gap: fc.nat(400), count: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 120,
  });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 3, max: 600 }), (wishes, permits) => {
      const window = new PermitWindow({ permits, perMs: 1_000, of: 'calls' });
      const taken: { at: number; count: number }[] = [];
      let now = 1_000_000;
      for (const { gap, count } of wishes) {
        now += gap;
        now += Math.ceil(window.waitToStart(count, now));
        window.take(count, now);
        taken.push({ at: now, count });
      }
      for (const { at } of taken) {
        const within = taken.filter((other) => other.at >= at && other.at < at + 1_000);
        expect(within.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(permits);
      }
      expect(window.waitToStart(1, now + 5_000)).toBe(0);
      expect(window.idle(now + 5_000)).toBe(true);
    }),
  );
});

test('a queue is expected to take as long as its limit makes it', () => {
  const window = new PermitWindow({ permits: 1, perMs: 1_000, of: 'calls' });
  expect(window.waitFor(1, 0)).toBe(0);
  expect(window.waitFor(11, 0)).toBe(10 * 1_020);
  window.take(1, 0);
  expect(window.waitFor(1, 400)).toBe(620);
  expect(window.waitFor(3, 400)).toBe(620 + 2 * 1_020);
});

test('a steady trickle gives its permits back one by one', () => {
  const window = new PermitWindow({ permits: 1_000, perMs: 60_000, of: 'units' });
  for (let now = 0; now < 120_000; now += 70) {
    expect(window.waitToStart(1, now)).toBe(0);
    window.take(1, now);
  }
});

test('a call that costs more than a window holds is paid off over the windows after it', () => {
  const window = new PermitWindow({ permits: 2, perMs: 1_000, of: 'calls' });
  expect(window.waitToStart(6, 0)).toBe(0);
  window.take(6, 0);
  expect(window.waitToStart(2, 0)).toBe(3 * 1_020);
});

test('the factor multiplies permits', () => {
  const window = new PermitWindow({ permits: 1, perMs: 1_000, of: 'calls' }, 10);
  expect(window.waitFor(10, 0)).toBe(0);
  expect(window.waitFor(11, 0)).toBe(1_020);
});

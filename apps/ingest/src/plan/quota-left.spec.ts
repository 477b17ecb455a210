import { pausedFor, quotaLeft } from './quota-left.js';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const limit = { permits: 100, perMs: DAY, of: 'calls' } as const;
const state = (window: object) => ({
  windows: [
    { ms: 1_000, of: 'calls', kind: 'spaced' },
    { ms: DAY, of: 'calls', ...window },
  ],
});

test('a calendar day: what is left, and when the rest comes back', () => {
  expect(quotaLeft(state({ used: 30, resetsAt: NOW + 5_000 }), limit, NOW)).toEqual({
    left: 70,
    backInMs: 5_000,
  });
  expect(quotaLeft(state({ used: 130, resetsAt: NOW + 5_000 }), limit, NOW)).toEqual({
    left: 0,
    backInMs: 5_000,
  });
  // Yesterday's says nothing about today.
  expect(quotaLeft(state({ used: 30, resetsAt: NOW - 1 }), limit, NOW)).toBeUndefined();
});

describe('a window that slides', () => {
  const slotMs = DAY / 4;
  const slot = Math.floor(NOW / slotMs);
  const leftAt = (taken: number[], now = NOW) =>
    quotaLeft(state({ used: taken.reduce((a, b) => a + b), slot, taken }), limit, now);
  const backAt = (age: number, now = NOW) => (slot - age + 5) * slotMs - now;

  test('each slot comes back in its own time, the oldest that holds any first', () => {
    expect(leftAt([10, 0, 20, 0, 0])).toEqual({
      left: 70,
      backInMs: backAt(2),
      back: [
        { inMs: backAt(2), permits: 20 },
        { inMs: backAt(0), permits: 10 },
      ],
    });
  });

  test('when the oldest is back, the others still count', () => {
    const later = NOW + backAt(2);
    expect(leftAt([10, 0, 20, 0, 0], later)).toMatchObject({ left: 90, backInMs: backAt(0, later) });
    expect(leftAt([10, 0, 20, 0, 0], NOW + backAt(0))).toBeUndefined();
  });

  test('what was taken beyond the limit is paid first', () => {
    expect(leftAt([90, 0, 0, 20, 0])).toEqual({
      left: 0,
      backInMs: backAt(3),
      back: [
        { inMs: backAt(3), permits: 10 },
        { inMs: backAt(0), permits: 90 },
      ],
    });
  });
});

test.each([
  [null],
  [{}],
  [{ windows: 7 }],
  [{ windows: [null, 3] }],
  [state({ used: 'x' })],
  [state({ of: 'units', used: 3 })],
])('what cannot be read tells nothing: %j', (odd) => expect(quotaLeft(odd, limit, NOW)).toBeUndefined());

test('a pause is what is left of it', () => {
  expect(
    [{ pausedUntil: NOW + 7 }, { pausedUntil: NOW - 7 }, {}, null].map((one) => pausedFor(one, NOW)),
  ).toEqual([7, 0, 0, 0]);
});

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

test('a window that slides: the oldest slot that holds any comes back first', () => {
  const slotMs = DAY / 4;
  const slot = Math.floor(NOW / slotMs);
  const found = quotaLeft(state({ used: 30, slot, taken: [10, 0, 20, 0, 0] }), limit, NOW);
  expect(found).toEqual({ left: 70, backInMs: (slot - 2 + 5) * slotMs - NOW });
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

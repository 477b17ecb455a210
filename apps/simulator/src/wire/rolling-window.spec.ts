import fc from 'fast-check';
import { RollingWindow } from './rolling-window.js';

interface Spent {
  readonly at: number;
  readonly cost: number;
}

interface Call {
  readonly gap: number;
  readonly cost: number;
  /** Comes at the very moment the window tells, or so many ms sooner. */
  readonly sooner: number | undefined;
}

/** Calls as they come, those spent that the window lets through. */
function spentOf(window: RollingWindow, calls: readonly Call[]): Spent[] {
  let at = 1_000_000;
  return calls.flatMap(({ gap, cost, sooner }) => {
    at += gap;
    if (sooner !== undefined) at += Math.max(0, window.waitFor(cost, at) - sooner);
    if (window.waitFor(cost, at) > 0) return [];
    window.spend(cost, at);
    return [{ at, cost }];
  });
}

/** The most that was spent in any stretch, its end left out. */
function mostIn(spent: readonly Spent[], perMs: number): number {
  let most = 0;
  let sum = 0;
  let from = 0;
  for (const { at, cost } of spent) {
    sum += cost;
    while (at - spent[from]!.at >= perMs) sum -= spent[from++]!.cost;
    most = Math.max(most, sum);
  }
  return most;
}

const call = (longest: number, dearest: number) =>
  fc.record({
    gap: fc.integer({ min: 0, max: longest }),
    cost: fc.integer({ min: 1, max: dearest }),
    sooner: fc.constantFrom(undefined, 0, 1),
  });
const small = fc.record({
  permits: fc.integer({ min: 1, max: 30 }),
  perMs: fc.integer({ min: 1, max: 3_000 }),
  calls: fc.array(call(400, 4), { maxLength: 120 }),
});
/** More permits than slots: those are kept together. */
const wide = fc.record({
  permits: fc.integer({ min: 1_025, max: 4_000 }),
  perMs: fc.integer({ min: 2_000, max: 86_400_000 }),
  calls: fc.array(call(20_000, 1_500), { maxLength: 300 }),
});

describe('a rolling window', () => {
  test('lets through its permits in no stretch more, however calls come', () => {
    fc.assert(
      fc.property(fc.oneof(small, wide), ({ permits, perMs, calls }) => {
        expect(mostIn(spentOf(new RollingWindow(permits, perMs), calls), perMs)).toBeLessThanOrEqual(permits);
      }),
    );
  });

  test('lets through every call that keeps the pace', () => {
    const pace = fc.record({
      permits: fc.integer({ min: 1, max: 1_024 }),
      perMs: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(pace, ({ permits, perMs }) => {
        const window = new RollingWindow(permits, perMs);
        const waits = Array.from({ length: Math.min(3 * permits, 2_500) }, (_, nth) => {
          const at = Math.ceil((nth * perMs) / permits);
          const wait = window.waitFor(1, at);
          window.spend(1, at);
          return wait;
        });
        expect(Math.max(...waits)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test('says to the millisecond when enough comes back', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 4 }), ({ permits, perMs, calls }, cost) => {
        const window = new RollingWindow(permits, perMs);
        const now = spentOf(window, calls).at(-1)?.at ?? 0;
        const wait = window.waitFor(cost, now);
        fc.pre(wait > 0 && cost <= permits);
        expect(window.waitFor(cost, now + wait - 1)).toBe(1);
        expect(window.waitFor(cost, now + wait)).toBe(0);
      }),
    );
  });

  test('keeps about 1,024 slots of a wide window; permits come back a slot late at most', () => {
    fc.assert(
      fc.property(wide, fc.integer({ min: 1, max: 1_024 }), ({ permits, perMs }, seed) => {
        const window = new RollingWindow(permits, perMs);
        const gap = perMs / permits;
        for (let nth = 0; nth < permits; nth++) window.spend(1, Math.floor(nth * gap) + (seed % 2));
        expect(window.slots).toBeLessThanOrEqual(1_025);
        const first = window.waitFor(1, perMs - 1);
        expect(first).toBeGreaterThanOrEqual(1);
        expect(first).toBeLessThanOrEqual(Math.ceil(perMs / 1_024) + 2);
        expect(window.left(2 * perMs + 2)).toBe(permits);
      }),
      { numRuns: 20 },
    );
  });

  test('what never fits is told to wait for a whole window', () => {
    const window = new RollingWindow(10, 1_000);
    window.spend(4, 0);
    expect([window.waitFor(7, 1), window.waitFor(11, 1)]).toEqual([999, 1_000]);
  });

  test('a clock that is set back brings nothing back early', () => {
    const window = new RollingWindow(2, 1_000);
    window.spend(1, 5_000);
    window.spend(1, 4_000);
    expect([window.left(5_999), window.left(6_000)]).toEqual([0, 2]);
  });
});

import type { LimitWindow } from '@assay/providers';
import fc from 'fast-check';
import { ahead, demand } from './demand.fixture.js';
import { expectedWait } from './expected-wait.js';
import { leasePermits } from './lease-permits.js';
import type { Permit } from './permit.js';
import { paused, turned, type PermitState } from './permit-state.js';
import { windowRule } from './window-rule.js';

const START = Date.UTC(2026, 10, 25, 12);
const bulk = (n: number) => demand({ starts: { express: 0, bulk: n }, queued: n });
const express = (n: number) => demand({ starts: { express: n, bulk: 0 }, queued: n });

/** Most of these times in any stretch of `ms`. */
function most(times: readonly number[], ms: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  let top = 0;
  sorted.forEach((time, i) => {
    while (sorted[from]! <= time - ms) from++;
    top = Math.max(top, i - from + 1);
  });
  return top;
}

const limits: fc.Arbitrary<LimitWindow> = fc.oneof(
  fc.record({
    permits: fc.integer({ min: 1, max: 80 }),
    perMs: fc.constantFrom(1_000, 1_100, 2_000),
    of: fc.constant('calls' as const),
  }),
  fc.record({
    permits: fc.integer({ min: 1, max: 60 }),
    perMs: fc.constantFrom(10_000, 60_000),
    of: fc.constant('calls' as const),
  }),
);
const steps = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 700 }),
    worker: fc.constantFrom('a', 'b', 'c'),
    express: fc.integer({ min: 0, max: 12 }),
    bulk: fc.integer({ min: 0, max: 40 }),
    late: fc.float({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 5, maxLength: 60 },
);

test('whoever asks, whenever, and however late the starts are: no window is ever passed', () => {
  fc.assert(
    fc.property(fc.array(limits, { minLength: 1, maxLength: 2 }), steps, (windows, asked) => {
      const rules = windows.map((limit) => windowRule(limit));
      let state: PermitState | undefined;
      let now = START;
      const starts: number[] = [];
      for (const { waitMs, worker, late, ...lanes } of asked) {
        now += waitMs;
        const wanted = demand({ worker, starts: lanes, queued: lanes.express + lanes.bulk });
        const leased = leasePermits(state, rules, wanted, now);
        state = leased.state;
        for (const { at, until } of leased.lease.permits) {
          expect(at).toBeGreaterThanOrEqual(now);
          expect(until).toBeGreaterThanOrEqual(at);
          starts.push(at + late * Math.min(100, until - at));
        }
      }
      for (const { permits, perMs } of windows) expect(most(starts, perMs)).toBeLessThanOrEqual(permits);
    }),
    { numRuns: 500 },
  );
});

/** Asks for all that can be had, every 100 ms. */
function saturate(limit: LimitWindow, seconds: number, wanted = bulk(200)): number[] {
  const rules = [windowRule(limit)];
  let state: PermitState | undefined;
  const starts: number[] = [];
  for (let now = START; now < START + seconds * 1_000; now += 100) {
    const leased = leasePermits(state, rules, wanted, now);
    state = leased.state;
    starts.push(...leased.lease.permits.map(({ at }) => at));
  }
  return starts;
}

test.each([
  [{ permits: 50, perMs: 1_000, of: 'calls' as const }, 0.92],
  [{ permits: 1, perMs: 1_000, of: 'calls' as const }, 0.9],
  [{ permits: 20, perMs: 1_000, of: 'calls' as const }, 0.92],
  [{ permits: 120, perMs: 60_000, of: 'calls' as const }, 0.8],
])('a saturated limit of %j is used to %d by bulk', (limit, share) => {
  const seconds = 600;
  const allowed = (limit.permits * seconds * 1_000) / limit.perMs;
  expect(saturate(limit, seconds).length / allowed).toBeGreaterThan(share);
});

test('starts of a second are spaced, those of a burst of express follow closely', () => {
  const { lease } = leasePermits(
    undefined,
    [windowRule({ permits: 50, perMs: 1_000, of: 'calls' })],
    bulk(5),
    START,
  );
  const gaps = lease.permits.slice(1).map(({ at }, i) => Math.round(at - lease.permits[i]!.at));
  // Twice as long in the first second after a rest.
  expect(gaps).toEqual([43, 43, 43, 43]);
  const minute = [windowRule({ permits: 24, perMs: 60_000, of: 'calls' })];
  const burst = leasePermits(undefined, minute, express(24), START).lease.permits;
  expect(burst).toHaveLength(24);
  expect(burst.at(-1)!.at - START).toBeLessThan(300);
  expect(leasePermits(undefined, minute, bulk(24), START).lease.permits).toHaveLength(2);
});

test('express has a reserve that bulk cannot take, in second and minute windows', () => {
  for (const limit of [
    { permits: 100, perMs: 1_000, of: 'calls' as const },
    { permits: 4, perMs: 60_000, of: 'calls' as const },
  ]) {
    const rules = [windowRule(limit)];
    let state: PermitState | undefined;
    let now = START;
    for (let i = 0; i < 600; i++, now += 100) ({ state } = leasePermits(state, rules, bulk(100), now));
    const [permit] = leasePermits(state, rules, express(1), now).lease.permits;
    expect((permit as Permit).at - now).toBeLessThan(700);
  }
});

test('starts of several calls at once: as many in a window as it has permits for', () => {
  const rules = [windowRule({ permits: 10, perMs: 1_000, of: 'calls' })];
  let state: PermitState | undefined;
  const starts: number[] = [];
  for (let now = START; now < START + 20_000; now += 100) {
    const leased = leasePermits(state, rules, { ...bulk(50), calls: 4 }, now);
    state = leased.state;
    for (const { at } of leased.lease.permits) starts.push(at, at, at, at);
  }
  expect(most(starts, 1_000)).toBeLessThanOrEqual(10);
  expect(starts.length).toBeGreaterThan(20 * 7);
});

test('what is kept for express makes bulk wait for the next day', () => {
  const rules = [windowRule({ permits: 100, perMs: 86_400_000, of: 'calls', resets: 'utc' }, 1, 0.2)];
  const { state, lease } = leasePermits(undefined, rules, bulk(100), START);
  expect(lease.permits).toHaveLength(80);
  const wait = (lane: 'bulk' | 'express') => expectedWait(state, rules, ahead(1, { lane }), START);
  expect(wait('bulk')).toBe(Date.UTC(2026, 10, 26) - START);
  expect(wait('express')).toBe(0);
});

test('a quota of the day: all of it, in one go if wanted, then nothing until it resets', () => {
  const rules = [windowRule({ permits: 1_000, perMs: 86_400_000, of: 'units', resets: 'utc' })];
  const first = leasePermits(
    undefined,
    rules,
    demand({ starts: { express: 0, bulk: 200 }, units: 3 }),
    START,
  );
  expect(first.lease.permits).toHaveLength(200);
  const second = leasePermits(
    first.state,
    rules,
    demand({ starts: { express: 0, bulk: 200 }, units: 3 }),
    START + 9,
  );
  // The last one for the unit that is left.
  expect(second.lease.permits).toHaveLength(134);
  expect(second.lease.permits.at(-1)!.units).toBe(1);
  const midnight = Date.UTC(2026, 10, 26);
  expect(second.lease.nextAt).toBe(midnight);
  const next = ahead(1, { units: 2, others: 9 });
  expect(expectedWait(second.state, rules, next, START)).toBe(midnight - START);
  expect(leasePermits(second.state, rules, bulk(5), midnight).lease.permits).toHaveLength(5);
});

test('permits that were not used come back to a quota, not to a rate', () => {
  const rules = [windowRule({ permits: 10, perMs: 86_400_000, of: 'calls', resets: 'utc' })];
  const { state } = leasePermits(undefined, rules, bulk(10), START);
  const unused = [{ calls: 4, units: 4, at: START }];
  const again = leasePermits(state, rules, { ...bulk(10), unused }, START + 6_000);
  expect(again.lease.permits).toHaveLength(4);
});

test('calls beyond what a start had paid for are booked', () => {
  const rules = [windowRule({ permits: 1, perMs: 1_000, of: 'calls' })];
  const { state } = leasePermits(undefined, rules, { ...bulk(1), debt: 3 }, START);
  expect(leasePermits(state, rules, bulk(1), START + 400).lease.permits).toEqual([]);
  expect(leasePermits(state, rules, bulk(1), START + 400).lease.nextAt - START).toBeCloseTo(3_300 - 400, 0);
});

test('a pause holds for everybody; the pace comes back slowly after it', () => {
  const rules = [windowRule({ permits: 50, perMs: 1_000, of: 'calls' })];
  const state = paused(turned(undefined, rules, START), START + 2_000, 'quota', true, START);
  expect(leasePermits(state, rules, bulk(9), START + 1_999).lease).toEqual({
    permits: [],
    nextAt: START + 2_000,
  });
  const count = (at: number) => leasePermits(state, rules, bulk(99), at).lease.permits.length;
  // Given out 400 ms ahead, in the first second after a rest.
  expect([2_000, 12_000, 62_000].map((after) => count(START + after))).toEqual([7, 9, 10]);
});

test('many refusals at once slow down once', () => {
  const rules = [windowRule({ permits: 50, perMs: 1_000, of: 'calls' })];
  const once = paused(turned(undefined, rules, START), START + 2_000, 'quota', true, START);
  expect(paused(once, START + 2_000, 'quota', true, START + 5).pace).toEqual(once.pace);
  const again = paused(once, START + 9_000, 'quota', true, START + 2_500);
  expect(again.pace!.share).toBeLessThan(once.pace!.share);
});

test('what others wait for counts in the expected wait, while they are heard of', () => {
  const rules = [windowRule({ permits: 20, perMs: 60_000, of: 'calls' })];
  const { state } = leasePermits(undefined, rules, { ...bulk(20), queued: 500 }, START);
  expect(state.queues).toEqual({ a: [499, START] });
  expect(turned(state, rules, START + 3_001).queues).toBeUndefined();
  const alone = expectedWait(state, rules, ahead(40), START);
  const beside = expectedWait(state, rules, ahead(40, { others: 499 }), START);
  expect(alone).toBeGreaterThan(60_000);
  expect(beside).toBeGreaterThan(25 * 60_000);
});

test.each([
  [20, 60_000],
  [50, 60_000],
  [300, 300_000],
])('of %i in %i ms each is expected when it comes, though the window has room for all', (permits, perMs) => {
  const rules = [windowRule({ permits, perMs, of: 'calls' })];
  let { state, lease } = leasePermits(undefined, rules, bulk(99), START);
  const asked = state;
  const starts = lease.permits.map(() => START);
  while (starts.length < permits / 2) {
    const at = lease.nextAt;
    ({ state, lease } = leasePermits(state, rules, bulk(99), at));
    starts.push(...lease.permits.map(() => at));
  }
  const first = starts.filter((at) => at === START).length;
  for (let more = 1; first + more <= permits / 2; more++) {
    expect(START + expectedWait(asked, rules, ahead(more), START)).toBe(starts[first + more - 1]);
  }
});

test('what express takes of a slot makes bulk wait for the next one, not for many', () => {
  const rules = [windowRule({ permits: 20, perMs: 60_000, of: 'calls' })];
  const starts = { express: 10, bulk: 0 };
  const { state } = leasePermits(undefined, rules, demand({ starts }), START);
  const wait = (calls: number, express: number) =>
    expectedWait(state, rules, ahead(calls, { express }), START);
  const slot = 3_000 - (START % 3_000);
  expect([wait(1, 0), wait(2, 0), wait(7, 6)]).toEqual([slot, slot + 3_000, slot]);
  const unused = turned(undefined, rules, START);
  expect(expectedWait(unused, rules, ahead(7, { express: 6 }), START)).toBe(slot);
});

test('after a late start the next permit keeps its distance from it, and nothing changes where it was not late', () => {
  const rules = [windowRule({ permits: 1, perMs: 1_000, of: 'calls' })];
  const first = leasePermits(undefined, rules, bulk(1), START);
  const told = leasePermits(first.state, rules, { ...bulk(0), startedAt: START + 700 }, START + 700);
  const next = leasePermits(told.state, rules, bulk(1), START + 1_400);
  expect(next.lease.permits).toMatchObject([{ at: START + 700 + 1_100 }]);
  const early = leasePermits(first.state, rules, { ...bulk(0), startedAt: START - 500 }, START + 700);
  expect(leasePermits(early.state, rules, bulk(1), START + 800).lease.permits).toMatchObject([
    { at: START + 1_100 },
  ]);
});

test('the last units of a quota go in a smaller batch', () => {
  const rules = [windowRule({ permits: 250, perMs: 86_400_000, of: 'units', resets: 'utc' })];
  const three = { ...bulk(3), units: 100 };
  const { lease, state } = leasePermits(undefined, rules, three, START);
  expect(lease.permits.map(({ units }) => units)).toEqual([undefined, undefined, 50]);
  expect(leasePermits(state, rules, three, START + 1).lease.permits).toEqual([]);
});

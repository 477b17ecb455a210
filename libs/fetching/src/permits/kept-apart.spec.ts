import type { Lane } from '@assay/contracts';
import fc from 'fast-check';
import { expectedWait } from './expected-wait.js';
import { ahead, demand as nothing } from './demand.fixture.js';
import { leasePermits } from './lease-permits.js';
import type { Demand } from './permit.js';
import { idleAt, keptApart, turned, type PermitState } from './permit-state.js';
import { windowRule } from './window-rule.js';

const START = Date.UTC(2026, 10, 25, 12);
const RULES = [windowRule({ permits: 1, perMs: 1_000, of: 'calls' })];
/** A host's second and its margin: so much later a start may be, or arrive. */
const MARGIN_MS = 100;
const demand = (given: Partial<Demand> = {}): Demand =>
  nothing({ starts: { express: 0, bulk: 1 }, queued: 1, ...given });
const starts = (state: PermitState | undefined, at: number, rules = RULES) =>
  leasePermits(state, rules, demand(), at).lease.permits.map((permit) => permit.at - START);

test('what a host asks for holds from the last start on, for whoever comes next, and knows no lane', () => {
  const first = leasePermits(undefined, RULES, demand(), START);
  const told = leasePermits(
    first.state,
    RULES,
    demand({ starts: { express: 0, bulk: 0 }, stepAtLeast: 5_000 }),
    START + 300,
  );
  expect(told.state.stepAtLeast).toBe(5_000);
  expect(starts(told.state, START + 4_000)).toEqual([]);
  expect(starts(told.state, START + 4_800)).toEqual([5_000 + MARGIN_MS]);
  const express = demand({ worker: 'b', starts: { express: 1, bulk: 0 } });
  const { lease, state } = leasePermits(told.state, RULES, express, START + 4_800);
  expect(lease.permits).toMatchObject([{ at: START + 5_000 + MARGIN_MS, after: START }]);
  expect(expectedWait(state, RULES, ahead(3), START + 5_100)).toBe(3 * (5_000 + MARGIN_MS));
  expect(idleAt(state)).toBe(START + 2 * (5_000 + MARGIN_MS));
});

test('a start that was late, and calls beyond it, count by the longer step', () => {
  const { state } = leasePermits(undefined, RULES, demand({ stepAtLeast: 5_000 }), START);
  const late = leasePermits(state, RULES, demand({ startedAt: START + 700 }), START + 700);
  expect(late.lease.nextAt).toBe(START + 700 + 5_000 + MARGIN_MS - 400);
  const more = leasePermits(state, RULES, demand({ debt: 1 }), START + 100);
  expect(more.lease.nextAt).toBe(START + 2 * (5_000 + MARGIN_MS) - 400);
});

test('it becomes no shorter, and a wish below the limit changes nothing', () => {
  const state = turned(undefined, RULES, START);
  expect(keptApart(state, RULES, 900)).toBe(state);
  const longer = keptApart(state, RULES, 3_000);
  expect(keptApart(longer, RULES, 2_000)).toBe(longer);
  expect(turned(longer, RULES, START + 600_000).stepAtLeast).toBe(3_000);
  expect(keptApart(longer, RULES, 9_000).stepAtLeast).toBe(9_000);
});

test('a key that nobody has called is called at once', () => {
  const state = keptApart(turned(undefined, RULES, START), RULES, 60_000);
  const { lease } = leasePermits(state, RULES, demand(), START);
  expect(lease.permits).toMatchObject([{ at: START }]);
  expect(lease.permits[0]).not.toHaveProperty('after');
});

test('a limit with a reserve for express has none where the host asks for distance', () => {
  const rules = [windowRule({ permits: 100, perMs: 1_000, of: 'calls' })];
  const before = leasePermits(undefined, rules, demand({ starts: { express: 3, bulk: 9 } }), START).state;
  const state = keptApart(before, rules, 2_000);
  const wanted = demand({ starts: { express: 9, bulk: 9 } });
  const times: number[] = [];
  let next = state;
  for (let now = START; now < START + 20_000; now += 100) {
    const leased = leasePermits(next, rules, wanted, now);
    next = leased.state;
    times.push(...leased.lease.permits.map(({ at }) => at));
  }
  for (const [i, time] of times.entries())
    if (i > 0) expect(time - times[i - 1]!).toBeGreaterThanOrEqual(2_000);
  expect(times.length).toBeGreaterThanOrEqual(8);
});

const asked = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 900 }),
    worker: fc.constantFrom('a', 'b', 'c'),
    lane: fc.constantFrom<Lane>('express', 'bulk'),
    late: fc.float({ min: 0, max: 1, noNaN: true }),
    knows: fc.boolean(),
  }),
  { minLength: 5, maxLength: 80 },
);

test('whoever asks, whoever knows, however late the starts: since it is known no two are closer', () => {
  fc.assert(
    fc.property(asked, fc.integer({ min: 1_001, max: 8_000 }), (steps, apart) => {
      let state: PermitState | undefined;
      let now = START;
      let known = false;
      let last: number | undefined;
      for (const { waitMs, worker, lane, late, knows } of steps) {
        now += waitMs;
        const wanted = { express: 0, bulk: 0, [lane]: 1 };
        const told = knows ? { stepAtLeast: apart } : {};
        const leased = leasePermits(state, RULES, demand({ worker, starts: wanted, ...told }), now);
        state = leased.state;
        known ||= knows;
        for (const { at, until, after } of leased.lease.permits) {
          if (last !== undefined) expect(after).toBeLessThanOrEqual(at);
          const start = at + late * (until - at);
          if (known && last !== undefined) expect(start - last).toBeGreaterThanOrEqual(apart);
          last = start;
        }
      }
    }),
    { numRuns: 300 },
  );
});

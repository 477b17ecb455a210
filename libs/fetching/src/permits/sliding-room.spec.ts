import { ahead, demand } from './demand.fixture.js';
import { expectedWait } from './expected-wait.js';
import { leasePermits } from './lease-permits.js';
import { paused, type PermitState } from './permit-state.js';
import { windowRule, type WindowRule } from './window-rule.js';

const START = Date.UTC(2026, 10, 25, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const one = demand({ starts: { express: 1, bulk: 0 }, queued: 1 });

/** Of a window of which so much was used, evenly in the first three quarters; then a 429 with a pause of a second. */
function throttled(rules: readonly WindowRule[], used: number) {
  const { ms } = rules[0]!;
  let state: PermitState | undefined;
  for (let slot = 0; slot < 15; slot++)
    ({ state } = leasePermits(
      state,
      rules,
      { ...one, calls: Math.floor(used / 15) },
      START + (slot * ms) / 20,
    ));
  const now = START + (15 * ms) / 20;
  return { state: paused(state!, now + 1_000, 'quota', true, now), after: now + 1_000 };
}

test.each([
  { permits: 20, perMs: 60_000, used: 15 },
  { permits: 5_000, perMs: HOUR, used: 4_600 },
  { permits: 10_000, perMs: DAY, used: 7_500 },
  { permits: 30_000, perMs: 30 * DAY, used: 22_500 },
])('after a 429 only the pace is low, not what $permits in $perMs ms may hold', ({ used, ...limit }) => {
  const rules = [windowRule({ ...limit, of: 'calls' })];
  const { state, after } = throttled(rules, used);
  const { lease, state: asked } = leasePermits(state, rules, one, after);
  expect(lease.permits).toEqual([]);
  const wait = lease.nextAt - after;
  expect(wait).toBeGreaterThan(0);
  // Of the pace 0.7 is left; the rest comes back within 18 s.
  expect(wait).toBeLessThanOrEqual(18_000);
  expect(expectedWait(asked, rules, ahead(1, { lane: 'express' }), after)).toBeCloseTo(wait, -1);
  expect(leasePermits(asked, rules, one, lease.nextAt + 1).lease.permits).toHaveLength(1);
});

test('what the window may not hold waits for its slots also while the pace is low', () => {
  const rules = [windowRule({ permits: 100, perMs: DAY, of: 'calls' })];
  const { state, after } = throttled(rules, 90);
  const { lease } = leasePermits(state, rules, { ...one, calls: 20 }, after);
  // Two slots of six must pass, of those that count for 21 slots each.
  expect(lease.nextAt).toBe(START + (22 * DAY) / 20);
  const wait = expectedWait(state, rules, ahead(20, { lane: 'express' }), after);
  expect(wait).toBeGreaterThanOrEqual(lease.nextAt - after);
  expect(wait).toBeLessThan(lease.nextAt - after + 5_000);
});

test('what is larger than the window goes once nothing is used', () => {
  const rules = [windowRule({ permits: 100, perMs: DAY, of: 'calls' })];
  const { state, after } = throttled(rules, 15);
  const { lease, state: asked } = leasePermits(state, rules, { ...one, calls: 200 }, after);
  expect(leasePermits(asked, rules, { ...one, calls: 200 }, lease.nextAt + 1).lease.permits).toHaveLength(1);
});

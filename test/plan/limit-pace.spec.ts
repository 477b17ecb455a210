import { stepMs } from '../../apps/ingest/src/plan/limit-pace.js';
import { stepMs as stepOfPermits, windowRule } from '../../libs/fetching/src/permits/window-rule.js';

// The plan reckons with the pace at which permits are given; both may change only together.
test.each([
  [1, 1_000],
  [2, 1_000],
  [20, 1_000],
  [50, 1_000],
  [120, 1_100],
  [1, 5_000],
])('%d permits in %d ms: the plan knows the step from one permit to the next', (permits, perMs) => {
  const rule = windowRule({ permits, perMs, of: 'calls' });
  const window = { of: 'calls' as const, perMs, permits, keys: 1, left: 0, backInMs: 0 };
  expect(rule.kind === 'spaced' && stepOfPermits(rule)).toBeCloseTo(stepMs(window, 'bulk'), 9);
});

test.each([
  [4, 60_000],
  [24, 60_000],
  [1_200, 300_000],
  [200, 3_600_000],
])('%d permits in %d ms: the plan knows what bulk leaves to express', (permits, perMs) => {
  const rule = windowRule({ permits, perMs, of: 'calls' });
  const window = { of: 'calls' as const, perMs, permits, keys: 1, left: 0, backInMs: 0 };
  const reserve = rule.kind === 'sliding' ? rule.reserve : -1;
  // Twenty slots of the window and one more: 5 % slower.
  expect(stepMs(window, 'bulk')).toBeCloseTo((perMs * 1.05) / (permits - reserve), 6);
});

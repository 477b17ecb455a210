import { leasePermits } from './lease-permits.js';
import { memoryPermits } from './memory-permits.js';
import { PermitDesk } from './permit-desk.js';
import type { Permit } from './permit.js';
import { windowRule } from './window-rule.js';

const RULES = [windowRule({ permits: 50, perMs: 1_000, of: 'calls' })];
const START = 1_700_000_000_000;

function lease(desk: PermitDesk, worker: string): Promise<readonly Permit[]> {
  const demand = {
    worker,
    starts: { express: 0, bulk: 10 },
    calls: 1,
    units: 1,
    queued: 10,
    debt: 0,
    unused: [],
  };
  return new Promise((done, failed) =>
    desk.change({
      provider: 'ranks',
      limitKey: 'ranks',
      credential: 0,
      rules: RULES,
      change: (state, now) => {
        const { state: next, lease: given } = leasePermits(state, RULES, demand, now);
        return { state: next, result: given.permits };
      },
      done,
      failed,
    }),
  );
}

test.each([0, 1, 2, 5])(
  'two processes that begin at a key %i ms apart share its timetable',
  async (apart) => {
    const store = memoryPermits(() => START);
    const [one, other] = [START, START + apart].map((at) => new PermitDesk(store, () => at));
    const given = await Promise.all([lease(one!, 'one'), lease(other!, 'other')]);
    const starts = given
      .flat()
      .map(({ at }) => at)
      .toSorted((a, b) => a - b);
    // As many as fit in the 400 ms that bulk is given ahead.
    expect(starts).toHaveLength(10);
    for (let i = 1; i < starts.length; i++) expect(starts[i]! - starts[i - 1]!).toBeGreaterThan(20);
  },
);

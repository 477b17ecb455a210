import { LANES } from '@assay/contracts';
import type { Demand, Lease, Permit } from './permit.js';
import { PermitBook } from './permit-book.js';
import { keptApart, turned, type PermitState } from './permit-state.js';
import type { WindowRule } from './window-rule.js';

/**
 * Permits for one process, and what all processes are to know afterwards. A process begins with none; each is good
 * for one slot of the database's clock. However many processes ask, and in whatever order, the sum of what they are
 * given keeps every window.
 */
export function leasePermits(
  known: PermitState | undefined,
  rules: readonly WindowRule[],
  demand: Demand,
  now: number,
): { readonly state: PermitState; readonly lease: Lease } {
  const state = keptApart(turned(known, rules, now), rules, demand.stepAtLeast ?? 0);
  const book = new PermitBook(state, rules, demand, now);
  book.settle();
  const permits: Permit[] = [];
  let nextAt = state.pausedUntil ?? 0;
  if (nextAt <= now)
    for (const lane of LANES) {
      const taken = book.take(lane, demand.starts[lane]);
      permits.push(...taken.permits);
      nextAt = Math.max(nextAt, taken.nextAt);
    }
  const left = Math.max(0, demand.queued - permits.length);
  const { queues: before, ...rest } = state;
  const { [demand.worker]: _own, ...others } = before ?? {};
  const queues = left > 0 ? { ...others, [demand.worker]: [left, now] as const } : others;
  return {
    state: {
      ...rest,
      windows: book.windows(),
      ...(Object.keys(queues).length > 0 ? { queues } : {}),
    },
    lease: { permits, nextAt },
  };
}

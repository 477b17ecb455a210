import { LANES, type Lane } from '@assay/contracts';
import { PermitBook } from './permit-book.js';
import { turned, type PermitState } from './permit-state.js';
import type { WindowRule } from './window-rule.js';

/** What a process wants of one limit key. A start is one batch: so many calls, so many units. */
export interface Demand {
  readonly worker: string;
  /** Starts wanted soon, by lane. */
  readonly starts: Readonly<Record<Lane, number>>;
  /** Permits that one start takes. */
  readonly calls: number;
  readonly units: number;
  /** Starts that wait in this process, those wanted now included. */
  readonly queued: number;
  /** Calls that were made beyond what their starts had paid for. */
  readonly debt: number;
  /** Permits that were leased and not used in time, with the time of that lease: they come back to windows that are not spaced. */
  readonly unused: { readonly calls: number; readonly units: number; readonly at: number };
}

/** The right to one start, at `at` or later, until `until`. Times are the database's. */
export interface Permit {
  readonly at: number;
  readonly until: number;
  /** From the reserve: for express alone. */
  readonly reserved: boolean;
}

export interface Lease {
  readonly permits: readonly Permit[];
  /** There is nothing more to be had by asking before this; at or before `now` where nothing was left wanting. */
  readonly nextAt: number;
}

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
  const state = turned(known, rules, now);
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

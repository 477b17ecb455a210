import type { Lane } from '@assay/contracts';
import type { Unused } from './unused.js';

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
  /** Of a start that was later than its permit: the next keeps its distance from it. The database's time. */
  readonly startedAt?: number;
  /** The host asks for calls at least so many ms apart. */
  readonly stepAtLeast?: number;
  /** Permits that were leased and not used in time, by lease: they come back to windows that are not spaced. */
  readonly unused: readonly Unused[];
}

/** The right to one start, at `at` or later, until `until`. Times are the database's. */
export interface Permit {
  readonly at: number;
  readonly until: number;
  /** From the reserve: for express alone. */
  readonly reserved: boolean;
  /** When the start before it was to be, whoever was given it; only where starts are spaced and there was one. */
  readonly after?: number;
  /** Where it may take fewer units than were asked for. */
  readonly units?: number;
}

/** A permit in hand, by our own clock, and the calls and units it pays for. */
export interface InHand extends Permit {
  readonly calls: number;
  readonly units: number;
  /** Time of its lease, by the clock of the store. */
  readonly leasedAt: number;
}

export interface Lease {
  readonly permits: readonly Permit[];
  /** There is nothing more to be had by asking before this; at or before `now` where nothing was left wanting. */
  readonly nextAt: number;
}

/**
 * Given out closer to the start before it than the host asks for. Where none asks nothing is: `after` knows starts of one call,
 * and may be later than `at` where they are of more.
 */
export function isTooNear({ at, after }: Pick<Permit, 'at' | 'after'>, stepAtLeast: number): boolean {
  return stepAtLeast > 0 && after !== undefined && at - after < stepAtLeast;
}

import type { SkipReason } from '@assay/contracts';
import type { Lease } from '../permits/permit.js';
import type { PermitState } from '../permits/permit-state.js';
import type { Credential, Order } from './credential.js';
import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';
import type { LimitKeysSettings } from './limit-keys.js';
import type { Batch } from './take-batch.js';
import type { InHand } from '../permits/permit.js';

export interface GovernorSettings<E extends Entry> extends LimitKeysSettings<E> {
  readonly batch: Batch;
  /** Calls that one batch pays for at least; more where the last one took more. Default 1. */
  readonly callsPerBatch?: number;
  /** Calls that a batch is likely to have paid for once it is over; waits are reckoned by it. Default: `callsPerBatch`. */
  readonly callsInAll?: number;
  /** So many times the provider's limits are ours: what a host asks for counts so much less. Default 1. */
  readonly limitsFactor?: number;
  /** Calls in flight, over all keys. */
  readonly concurrency: number;
  /** Calls in flight at one key, where each (a host, a registry) has limits of its own. Default: as over all. */
  readonly concurrencyPerKey?: number | undefined;
  /**
   * Entries may start now, until their permit ends (undefined: the key has no limit): it is spent, and one place is taken
   * until `release`.
   */
  start(key: LimitKey<E>, entries: E[], credential: Credential, permit: InHand | undefined): void;
  /** Call `pump` again at this time; the earliest of all wishes counts. */
  wakeAt(time: number): void;
  /** Whether bulk must make way now; told of each express entry that comes. Default: never. */
  readonly giveWay?: GiveWay;
  /** Until when a call may start: a process that was stopped has no rights when it goes on. Default: always. */
  mayStartUntil?(): number;
  /** A half-open key has a call to make and no right to try (any more): blocks it and asks. Default: it may. */
  askToTry?(key: LimitKey<E>): void;
  /** Asks the shared permits: `granted` or `refused` follows. */
  lease(key: LimitKey<E>, credential: Credential, order: Order): void;
  /** Tells all processes that this key pauses; `slower`: for want of permits, so that it goes on at half the pace. */
  sharePause(key: LimitKey<E>, credential: Credential, pause: Pause): void;
}

/** Until when calls may start, in ms since 1970. */
export function rightsUntil(settings: { mayStartUntil?(): number }): number {
  return settings.mayStartUntil?.() ?? Infinity;
}

/** Whether a call may start now. */
export function hasRights(settings: { mayStartUntil?(): number }, now: number): boolean {
  return now <= rightsUntil(settings);
}

export interface Granted {
  readonly lease: Lease;
  readonly state: PermitState;
  readonly ahead: number;
}

export interface Pause {
  readonly until: number;
  readonly by: SkipReason;
  readonly slower: boolean;
}

/** Whom the lanes of a process share: see `express-first.ts`. */
export interface GiveWay {
  expressCame(now: number): void;
  /** Until when bulk gives way; in the past where it need not. */
  until(now: number): number;
}

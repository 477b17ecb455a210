import { LANES, type Lane, type SkipReason } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';
import { EntryQueue, type Entry } from './entry-queue.js';
import { PermitWindow } from './permit-window.js';

export interface Window {
  readonly of: LimitWindow['of'];
  readonly permits: PermitWindow;
}

/** What one limit key (provider, registry, host) has: its permits, its queue, what blocks it. */
export class LimitKey<E extends Entry> {
  readonly queues: Readonly<Record<Lane, EntryQueue<E>>> = {
    express: new EntryQueue<E>(),
    bulk: new EntryQueue<E>(),
  };
  readonly windows: readonly Window[];
  readonly listed: Record<Lane, boolean> = { express: false, bulk: false };
  inFlight = 0;
  /** Set by the breaker: half open, one call may try. */
  probing = false;
  blockedUntil = 0;
  blockedBy: SkipReason = 'quota';
  /** Refusals for want of permits since the last answer. */
  throttles = 0;
  /** When it is looked at again; 0 while nobody has asked for that. */
  wakeAt = 0;

  constructor(
    readonly name: string,
    limits: readonly LimitWindow[],
    factor: number,
  ) {
    this.windows = limits.map((limit) => ({ of: limit.of, permits: new PermitWindow(limit, factor) }));
  }

  get units(): number {
    return this.queues.express.units + this.queues.bulk.units;
  }

  take(calls: number, units: number, now: number): void {
    for (const { of, permits } of this.windows) permits.take(of === 'calls' ? calls : units, now);
  }

  waitToStart(calls: number, units: number, now: number): number {
    let wait = 0;
    for (const { of, permits } of this.windows)
      wait = Math.max(wait, permits.waitToStart(of === 'calls' ? calls : units, now));
    return wait;
  }

  waitFor(calls: number, units: number, now: number): number {
    let wait = 0;
    for (const { of, permits } of this.windows)
      wait = Math.max(wait, permits.waitFor(of === 'calls' ? calls : units, now));
    return wait;
  }

  /** True where it can be forgotten. */
  idle(now: number): boolean {
    return (
      this.inFlight === 0 &&
      this.blockedUntil <= now &&
      LANES.every((lane) => !this.queues[lane].first) &&
      this.windows.every(({ permits }) => permits.idle(now))
    );
  }
}

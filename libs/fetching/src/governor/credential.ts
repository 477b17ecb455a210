import type { SkipReason } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';
import { DayQuota } from './day-quota.js';
import { PermitWindow } from './permit-window.js';
import type { Permits } from './permits.js';

interface Window {
  readonly of: LimitWindow['of'];
  readonly permits: Permits;
}

/** One of our keys at a provider, or the lack of one: its permits at one limit key, and until when it pauses. */
export class Credential {
  readonly #windows: readonly Window[];
  pausedUntil = 0;
  pausedBy: SkipReason = 'quota';
  /** Refusals for want of permits since the last answer. */
  throttles = 0;

  constructor(
    /** Place among the provider's keys. */
    readonly index: number,
    limits: readonly LimitWindow[],
    factor: number,
  ) {
    this.#windows = limits.map((limit) => ({ of: limit.of, permits: openPermits(limit, factor) }));
  }

  take(calls: number, units: number, now: number): void {
    for (const { of, permits } of this.#windows) permits.take(of === 'calls' ? calls : units, now);
  }

  /** Milliseconds until one more call may start; a pause included. */
  waitToStart(calls: number, units: number, now: number): number {
    let wait = this.pausedUntil - now;
    for (const { of, permits } of this.#windows)
      wait = Math.max(wait, permits.waitToStart(of === 'calls' ? calls : units, now));
    return Math.max(0, wait);
  }

  /** Milliseconds until the last of so many queued ones may start; a pause included. */
  waitFor(calls: number, units: number, now: number): number {
    const pause = Math.max(0, this.pausedUntil - now);
    let wait = 0;
    for (const { of, permits } of this.#windows)
      wait = Math.max(wait, permits.waitFor(of === 'calls' ? calls : units, now + pause));
    return pause + wait;
  }

  /** Share of the scarcest window that is left, 0–1. */
  left(now: number): number {
    let left = 1;
    for (const { permits } of this.#windows) left = Math.min(left, permits.left(now));
    return left;
  }

  idle(now: number): boolean {
    return this.pausedUntil <= now && this.#windows.every(({ permits }) => permits.idle(now));
  }
}

function openPermits(limit: LimitWindow, factor: number): Permits {
  return limit.resets ? new DayQuota(limit, limit.resets, factor) : new PermitWindow(limit, factor);
}

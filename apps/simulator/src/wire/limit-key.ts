import { CalendarQuota } from './calendar-quota.js';
import type { RateState, Window } from './exchange.js';
import type { Meter } from './meter.js';
import { RollingWindow } from './rolling-window.js';

const DAY = 86_400_000;

interface Rule {
  readonly meter: Meter;
  readonly of: Window['of'];
  readonly isQuota: boolean;
}

/** Why a call is not let through. `resetMs`: exactly when it would be, if nobody else calls. */
export interface Refused extends RateState {
  /** A day's or month's allowance is the reason. */
  readonly isQuota: boolean;
}

/** All windows of one limit key: a call needs permits of each, and takes none where one refuses. */
export class LimitKey {
  private readonly rules: readonly Rule[];

  constructor(
    readonly key: string,
    readonly provider: string,
    windows: readonly Window[],
    factor: number,
  ) {
    this.rules = windows.map((window) => ({
      meter: meterOf(window, factor),
      of: window.of,
      isQuota: window.resets !== undefined || window.perMs >= DAY,
    }));
  }

  /** Undefined: the call may be charged. Nothing is taken here. */
  refusal(units: number, now: number): Refused | undefined {
    let refused: Refused | undefined;
    for (const { meter, of, isQuota } of this.rules) {
      const resetMs = meter.waitFor(costOf(of, units), now);
      if (resetMs > (refused?.resetMs ?? 0))
        refused = { resetMs, isQuota, limit: meter.permits, left: meter.left(now) };
    }
    return refused;
  }

  charge(units: number, now: number): void {
    for (const { meter, of } of this.rules) meter.spend(costOf(of, units), now);
  }

  /** Of the window that has the least left; undefined without windows. */
  state(now: number): RateState | undefined {
    let tightest: RateState | undefined;
    for (const { meter } of this.rules) {
      const left = meter.left(now);
      if (!tightest || left < tightest.left)
        tightest = { limit: meter.permits, left, resetMs: meter.nextBackMs(now) };
    }
    return tightest;
  }

  /** Units that are spent of the windows of units. */
  usedUnits(now: number): number {
    const used = this.rules.map(({ meter, of }) => (of === 'units' ? meter.permits - meter.left(now) : 0));
    return Math.max(0, ...used);
  }

  /** Nothing is spent: forgetting it changes no answer. */
  isIdle(now: number): boolean {
    return this.rules.every(({ meter }) => meter.left(now) === meter.permits);
  }
}

/** Whole permits; a factor that leaves less than one of them widens the time instead. */
function meterOf({ permits, perMs, resets }: Window, factor: number): Meter {
  const widened = permits * factor;
  const whole = Math.max(1, Math.floor(widened));
  if (resets) return new CalendarQuota(whole, resets);
  return new RollingWindow(whole, widened < 1 ? Math.ceil(perMs / widened) : perMs);
}

function costOf(of: Window['of'], units: number): number {
  return of === 'calls' ? 1 : units;
}

import { msToPacificMidnight, type LimitWindow } from '@assay/providers';
import type { Permits } from './permits.js';

const DAY_MS = 86_400_000;

/** Permits of a day by the calendar: all come back at midnight, none before. */
export class DayQuota implements Permits {
  readonly #permits: number;
  #used = 0;
  #endsAt = 0;

  constructor(
    window: LimitWindow,
    private readonly resets: 'utc' | 'pacific',
    factor = 1,
  ) {
    this.#permits = Math.max(1, Math.floor(window.permits * factor));
  }

  take(count: number, now: number): void {
    this.#turn(now);
    this.#used += count;
  }

  waitToStart(count: number, now: number): number {
    return this.waitFor(Math.min(count, this.#permits), now);
  }

  waitFor(count: number, now: number): number {
    this.#turn(now);
    const over = this.#used + count - this.#permits;
    if (over <= 0) return 0;
    return this.#endsAt - now + (Math.ceil(over / this.#permits) - 1) * DAY_MS;
  }

  left(now: number): number {
    this.#turn(now);
    return Math.max(0, 1 - this.#used / this.#permits);
  }

  idle(now: number): boolean {
    this.#turn(now);
    return this.#used === 0;
  }

  #turn(now: number): void {
    if (now < this.#endsAt) return;
    // What one call took beyond the day is booked on the next.
    this.#used = Math.max(0, this.#used - this.#permits);
    this.#endsAt = now + (this.resets === 'utc' ? DAY_MS - (now % DAY_MS) : msToPacificMidnight(now));
  }
}

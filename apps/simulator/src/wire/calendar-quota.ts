import type { Meter } from './meter.js';

const DAY = 86_400_000;
/** Midnight in California: eight hours behind UTC, in summer seven, which does not matter here. */
const PACIFIC_OFFSET = 8 * 3_600_000;

export type Zone = 'utc' | 'pacific';

/** At most `permits` from one midnight to the next; all of them come back there, none before. */
export class CalendarQuota implements Meter {
  #spent = 0;
  #endsAt = -Infinity;

  constructor(
    readonly permits: number,
    private readonly zone: Zone,
  ) {}

  left(now: number): number {
    if (now >= this.#endsAt) {
      this.#spent = 0;
      this.#endsAt = midnightAfter(now, this.zone);
    }
    return this.permits - this.#spent;
  }

  waitFor(cost: number, now: number): number {
    return this.left(now) >= cost ? 0 : this.#endsAt - now;
  }

  spend(cost: number, now: number): void {
    this.left(now);
    this.#spent += cost;
  }

  nextBackMs(now: number): number {
    return this.left(now) === this.permits ? 0 : this.#endsAt - now;
  }
}

function midnightAfter(at: number, zone: Zone): number {
  const offset = zone === 'utc' ? 0 : PACIFIC_OFFSET;
  return (Math.floor((at - offset) / DAY) + 1) * DAY + offset;
}

import type { Window } from './exchange.js';

interface Bucket {
  left: number;
  at: number;
}

/** Requests that keep a limit exactly may still bunch up on their way: this share more is let through. */
const TOLERANCE = 0.1;

const DAY = 86_400_000;
/** Midnight in California: eight hours behind UTC, in summer seven, which does not matter here. */
const PACIFIC_OFFSET = 8 * 3_600_000;

/** How long a call must wait, and whether a day's or month's allowance is the reason. */
export interface Refused {
  readonly waitMs: number;
  readonly isQuota: boolean;
}

function midnightAfter(at: number, zone: 'utc' | 'pacific'): number {
  const offset = zone === 'utc' ? 0 : PACIFIC_OFFSET;
  return (Math.floor((at - offset) / DAY) + 1) * DAY + offset;
}

/** Token buckets by limit key. Each window holds its permits at first and refills evenly. */
export class Limits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly used = new Map<string, number>();

  constructor(private readonly factor: number) {}

  /** Why a call is not let through; undefined: it is, and its permits are taken. */
  take(key: string, windows: readonly Window[], units: number, now: number): Refused | undefined {
    let refused: Refused | undefined;
    for (const window of windows) {
      const waitMs = this.waitFor(key, window, costOf(window, units), now);
      if (waitMs > (refused?.waitMs ?? 0)) refused = { waitMs, isQuota: window.perMs >= DAY };
    }
    if (refused) return refused;
    for (const window of windows) this.bucketOf(key, window, now).left -= costOf(window, units);
    this.used.set(key, (this.used.get(key) ?? 0) + units);
    return undefined;
  }

  /** Units let through so far. */
  usedUnits(key: string): number {
    return this.used.get(key) ?? 0;
  }

  reset(): void {
    this.buckets.clear();
    this.used.clear();
  }

  private waitFor(key: string, window: Window, cost: number, now: number): number {
    const bucket = this.bucketOf(key, window, now);
    if (bucket.left >= cost) return 0;
    if (window.resets) return midnightAfter(now, window.resets) - now;
    return Math.ceil(((cost - bucket.left) * window.perMs) / (window.permits * this.factor));
  }

  private bucketOf(key: string, window: Window, now: number): Bucket {
    const permits = window.permits * this.factor;
    const most = permits + Math.max(1, permits * TOLERANCE);
    const name = `${key}|${window.perMs}|${window.of}`;
    const bucket = this.buckets.get(name) ?? { left: most, at: now };
    if (window.resets) bucket.left = now >= midnightAfter(bucket.at, window.resets) ? most : bucket.left;
    else bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * permits) / window.perMs);
    bucket.at = now;
    this.buckets.set(name, bucket);
    return bucket;
  }
}

function costOf(window: Window, units: number): number {
  return window.of === 'calls' ? 1 : units;
}

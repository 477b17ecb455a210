import type { Window } from './exchange.js';

interface Bucket {
  left: number;
  at: number;
}

/** Requests that keep a limit exactly may still bunch up on their way: this share more is let through. */
const TOLERANCE = 0.1;

/** Token buckets by limit key. Each window holds its permits at first and refills evenly. */
export class Limits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly used = new Map<string, number>();

  constructor(private readonly factor: number) {}

  /** Milliseconds until this call would be let through; 0: it is, and its permits are taken. */
  take(key: string, windows: readonly Window[], units: number, now: number): number {
    const waits = windows.map((window) => this.waitFor(key, window, costOf(window, units), now));
    const longest = Math.max(0, ...waits);
    if (longest > 0) return longest;
    for (const window of windows) this.bucketOf(key, window, now).left -= costOf(window, units);
    this.used.set(key, (this.used.get(key) ?? 0) + units);
    return 0;
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
    return Math.ceil(((cost - bucket.left) * window.perMs) / (window.permits * this.factor));
  }

  private bucketOf(key: string, window: Window, now: number): Bucket {
    const permits = window.permits * this.factor;
    const most = permits + Math.max(1, permits * TOLERANCE);
    const name = `${key}|${window.perMs}|${window.of}`;
    const bucket = this.buckets.get(name) ?? { left: most, at: now };
    bucket.left = Math.min(most, bucket.left + ((now - bucket.at) * permits) / window.perMs);
    bucket.at = now;
    this.buckets.set(name, bucket);
    return bucket;
  }
}

function costOf(window: Window, units: number): number {
  return window.of === 'calls' ? 1 : units;
}

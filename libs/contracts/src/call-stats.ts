import type { FailureClass } from './outcome.js';

/** How a call ended: by the best that came of its questions. */
export type CallClass = 'ok' | 'absent' | 'skipped' | FailureClass;

/** Calls by class; a class that did not occur is left out. */
export type ClassCounts = Partial<Record<CallClass, number>>;

/** Calls by latency bucket; a bucket without calls is left out. Sums of two are those of both together. */
export type Histogram = Record<number, number>;

/**
 * Bucket n holds latencies over 1.2^(n-1) and up to 1.2^n ms: its middle is at most 9.6 % from any of
 * them. Workers of two releases write side by side: another growth needs another column.
 */
const GROWTH = 1.2;
/** Over 15 minutes, longer than any call may take. */
const LAST_BUCKET = 76;

/** The bucket of a latency in ms; up to 1 ms is bucket 0. */
export function latencyBucket(ms: number): number {
  if (!(ms > 1)) return 0;
  const near = Math.ceil(Math.log(ms) / Math.log(GROWTH));
  // A power of the growth may come out a hair above the whole number that it is.
  const bucket = ms <= GROWTH ** (near - 1) ? near - 1 : near;
  return Math.min(bucket, LAST_BUCKET);
}

/** Adds the counts of the second to the first. */
export function addCounts<K extends PropertyKey>(
  sum: Partial<Record<K, number>>,
  more: Readonly<Partial<Record<K, number>>>,
): void {
  for (const name of Object.keys(more) as K[]) sum[name] = (sum[name] ?? 0) + (more[name] ?? 0);
}

/**
 * The latency in ms that a share of the calls (0.5: half of them) stayed within, at most 10 % off
 * (1 ms where it is less); null without calls.
 */
export function quantileMs(histogram: Readonly<Histogram>, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, calls]) => ({ bucket: Number(bucket), calls }))
    .sort((a, b) => a.bucket - b.bucket);
  const total = buckets.reduce((sum, { calls }) => sum + calls, 0);
  let left = Math.max(1, Math.ceil(total * share));
  for (const { bucket, calls } of buckets) {
    left -= calls;
    if (left <= 0) return bucket === 0 ? 1 : GROWTH ** (bucket - 0.5);
  }
  return null;
}

/** Sums of one worker's calls to one limit key within the last minute. */
export interface CallStat {
  /** Calls in all, `skipped` ones included. */
  readonly calls: number;
  readonly byClass: ClassCounts;
  readonly histogram: Histogram;
}

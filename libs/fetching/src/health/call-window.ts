import { addCounts, latencyBucket, type CallStat, type ClassCounts, type Histogram } from '@assay/contracts';
import type { SeenCall } from './seen-call.js';

const BUCKET_MS = 10_000;
const BUCKETS = 6;
/** Limit keys of a provider that are told apart; calls to the rest are counted together. */
const MOST_KEYS = 2_000;
/** Name of what is counted together; no limit key looks like it. */
export const OTHER_KEYS = '…others';

interface Tally {
  calls: number;
  readonly byClass: ClassCounts;
  readonly histogram: Histogram;
}

/** Tallies of one stretch of 10 s. */
interface Bucket {
  /** Which stretch since 1970. */
  readonly index: number;
  readonly whole: Tally;
  readonly keys: Map<string, Tally>;
}

export interface KeyStat extends CallStat {
  readonly limitKey: string;
}

export interface WindowReading {
  /** ms that the calls were counted over, between 50,000 and 60,000: the last stretch has only begun. */
  readonly spanMs: number;
  /** All limit keys together. */
  readonly whole: CallStat;
  /** Each limit key with a call in that time, the troubled ones first, then the busiest. */
  readonly keys: readonly KeyStat[];
}

/**
 * The last minute of calls to one provider, by limit key. Size is bounded by `maxKeys`, whatever the
 * number of calls. Times are passed in, in ms since 1970; they may come out of order.
 */
export class CallWindow {
  readonly #ring: (Bucket | undefined)[] = Array.from({ length: BUCKETS });
  /** Limit keys told apart, with the last stretch that each had a call in. */
  readonly #known = new Map<string, number>();
  #prunedAt = -Infinity;

  constructor(private readonly maxKeys = MOST_KEYS) {}

  /** Counts a call. One older than the window is left out, as is one that did not have to ask the provider. */
  note({ limitKey, class: ended, requests, latencyMs, at }: Omit<SeenCall, 'provider'>): void {
    if (requests === 0 && (ended === 'ok' || ended === 'absent' || ended === 'skipped')) return;
    const bucket = this.#bucket(Math.floor(at / BUCKET_MS));
    if (!bucket) return;
    const name = this.#nameOf(limitKey, bucket.index);
    const own = bucket.keys.get(name) ?? newTally();
    bucket.keys.set(name, own);
    for (const tally of [bucket.whole, own]) {
      tally.calls++;
      tally.byClass[ended] = (tally.byClass[ended] ?? 0) + 1;
      if (requests === 0) continue;
      const place = latencyBucket(latencyMs);
      tally.histogram[place] = (tally.histogram[place] ?? 0) + 1;
    }
  }

  /** What was counted in the minute before `now`, of so many limit keys at most. */
  read(now: number, mostKeys = Infinity): WindowReading {
    const last = Math.floor(now / BUCKET_MS);
    this.#forget(last);
    const buckets = this.#ring.filter(
      (bucket): bucket is Bucket =>
        bucket !== undefined && bucket.index > last - BUCKETS && bucket.index <= last,
    );
    return {
      spanMs: (BUCKETS - 1) * BUCKET_MS + (now - last * BUCKET_MS),
      whole: sumOf(buckets.map(({ whole }) => whole)),
      keys: worstKeys(buckets, mostKeys).map((limitKey) => ({
        limitKey,
        ...sumOf(buckets.flatMap(({ keys }) => keys.get(limitKey) ?? [])),
      })),
    };
  }

  #bucket(index: number): Bucket | undefined {
    const place = index % BUCKETS;
    const there = this.#ring[place];
    if (there && there.index >= index) return there.index === index ? there : undefined;
    const created = { index, whole: newTally(), keys: new Map<string, Tally>() };
    this.#ring[place] = created;
    return created;
  }

  #nameOf(limitKey: string, index: number): string {
    if (!this.#known.has(limitKey) && this.#known.size >= this.maxKeys) {
      this.#forget(index);
      if (this.#known.size >= this.maxKeys) return OTHER_KEYS;
    }
    this.#known.set(limitKey, Math.max(index, this.#known.get(limitKey) ?? index));
    return limitKey;
  }

  /** Forgets limit keys without a call in the window that ends with this stretch; once for each stretch. */
  #forget(last: number): void {
    if (last <= this.#prunedAt) return;
    this.#prunedAt = last;
    for (const [name, index] of this.#known) if (index <= last - BUCKETS) this.#known.delete(name);
  }
}

function newTally(): Tally {
  return { calls: 0, byClass: {}, histogram: {} };
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = newTally();
  for (const { calls, byClass, histogram } of tallies) {
    sum.calls += calls;
    addCounts(sum.byClass, byClass);
    addCounts(sum.histogram, histogram);
  }
  return sum;
}

/** By two numbers each: adding up the histograms of 1,500 keys, of which 50 are wanted, takes 12 ms instead of 3. */
function worstKeys(buckets: readonly Bucket[], most: number): string[] {
  const seen = new Map<string, { name: string; calls: number; failed: number }>();
  for (const { keys } of buckets)
    for (const [name, tally] of keys) {
      const sum = seen.get(name) ?? { name, calls: 0, failed: 0 };
      seen.set(name, sum);
      sum.calls += tally.calls;
      sum.failed += failedOf(tally);
    }
  const sorted = [...seen.values()].sort((a, b) => b.failed - a.failed || b.calls - a.calls);
  return sorted.slice(0, most).map(({ name }) => name);
}

/** Calls that came to nothing. */
export function failedOf({ calls, byClass }: CallStat): number {
  return calls - (byClass.ok ?? 0) - (byClass.absent ?? 0) - (byClass.skipped ?? 0);
}

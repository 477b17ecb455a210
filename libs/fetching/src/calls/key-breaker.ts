import type { EventEmitter } from 'node:events';
import type { BreakerSettings } from '@assay/providers';
import CircuitBreaker from 'opossum';

const BUCKETS = 10;
/** Results older than the cool-off no longer count, so that a closed breaker starts clean. */
const MIN_WINDOW_MS = 10_000;
const MAX_WINDOW_MS = 600_000;

export interface BreakerEvents {
  open(): void;
  halfOpen(): void;
  close(): void;
}

/** Milliseconds after which all breakers of a provider must be told to turn their window by one bucket. */
export function bucketMs(settings: BreakerSettings): number {
  return Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, settings.coolOffMs)) / BUCKETS;
}

/** It is open, or half open and a call is out already. */
class Refused extends Error {
  constructor() {
    super('the breaker lets no call through');
    this.name = 'Refused';
  }
}

/** True for the refusal of an open breaker, false for an error of what it ran. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Refused;
}

/**
 * opossum around one limit key's conversations. `run` rejects where the key counts as unwell. Its own
 * timeout, percentiles, snapshots and per-breaker timers are off: a page run has thousands of these.
 */
export class KeyBreaker {
  readonly #breaker: CircuitBreaker<[() => Promise<unknown>], unknown>;
  #trying = false;

  constructor(settings: BreakerSettings, rotate: EventEmitter, events: BreakerEvents) {
    this.#breaker = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      timeout: false,
      volumeThreshold: settings.volume,
      // opossum opens above its threshold, a definition says at which share.
      errorThresholdPercentage: settings.errorPercent - 0.01,
      resetTimeout: settings.coolOffMs,
      rollingCountTimeout: bucketMs(settings) * BUCKETS,
      rollingCountBuckets: BUCKETS,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: rotate,
    });
    this.#breaker.on('open', events.open);
    this.#breaker.on('halfOpen', events.halfOpen);
    this.#breaker.on('close', events.close);
  }

  /** Neither open nor half open. */
  get closed(): boolean {
    return this.#breaker.closed;
  }

  get halfOpen(): boolean {
    return this.#breaker.halfOpen;
  }

  /** Half open, and a call is out: what comes of it decides. */
  get trying(): boolean {
    return this.#trying;
  }

  /**
   * `counts`: false of a result that says nothing about the key. opossum hears of a call once it is over, and of those that
   * count only: whatever resolves is a success to it, which closes what is half open and hides failures while closed. What
   * began before it opened says nothing once it has.
   */
  async run<T>(work: () => Promise<T>, counts: (result: T) => boolean = () => true): Promise<T> {
    const tries = this.#breaker.halfOpen;
    if (!this.closed && (!tries || this.#trying)) throw new Refused();
    if (tries) this.#trying = true;
    try {
      const outcome = work();
      const told = await outcome.then(counts, () => true);
      if (told && (tries || this.closed)) await this.#breaker.fire(() => outcome).catch(() => undefined);
      return await outcome;
    } finally {
      if (tries) this.#trying = false;
    }
  }

  /** Opens it now, whatever was seen, for so long. */
  trip(forMs: number): void {
    const { options } = this.#breaker as unknown as { options: { resetTimeout: number } };
    const { resetTimeout } = options;
    // opossum reads it once, as it opens.
    options.resetTimeout = forMs;
    this.#breaker.open();
    options.resetTimeout = resetTimeout;
  }

  /** Closes it now: somebody else found the provider well. */
  reset(): void {
    this.#breaker.close();
  }

  stop(): void {
    this.#breaker.shutdown();
  }
}

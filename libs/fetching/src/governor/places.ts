import { EndingPace } from './ending-pace.js';
import type { Entry } from './entry-queue.js';
import type { GovernorSettings } from './governor-settings.js';
import type { LimitKey } from './limit-key.js';

/** Share of the places that bulk leaves free, so that express need not wait until calls of bulk return. */
const EXPRESS_SHARE = 0.25;
/** Share of the places that bulk keeps while it gives way: slow, not starved. */
const BULK_SHARE_BESIDE = 0.1;

/** Places for calls in flight, over all keys and at one. */
export class Places {
  readonly all: number;
  /** So many of them bulk may take; while it gives way, so few. */
  readonly bulk: number;
  readonly few: number;
  /** Each key has limits of its own, and there may be more of them than places. */
  readonly ownLimits: boolean;
  readonly #perKey: number;
  readonly #pace = new EndingPace();
  taken = 0;

  constructor({
    concurrency,
    concurrencyPerKey,
  }: Pick<GovernorSettings<Entry>, 'concurrency' | 'concurrencyPerKey'>) {
    this.all = concurrency;
    this.bulk = concurrency - Math.floor(concurrency * EXPRESS_SHARE);
    this.few = Math.ceil(concurrency * BULK_SHARE_BESIDE);
    this.ownLimits = concurrencyPerKey !== undefined;
    this.#perKey = concurrencyPerKey ?? concurrency;
  }

  get free(): number {
    return this.all - this.taken;
  }

  gaveBack(): void {
    this.taken--;
    this.#pace.ended();
  }

  /** Places that are taken and may be free within `ms`. */
  likelyToEnd(ms: number, now: number): number {
    return Math.min(this.taken, this.#pace.likely(ms, now));
  }

  /** Of one key; while it is half open there is one. */
  freeAt({ probing, inFlight }: Pick<LimitKey<Entry>, 'probing' | 'inFlight'>): number {
    return (probing ? 1 : this.#perKey) - inFlight;
  }
}

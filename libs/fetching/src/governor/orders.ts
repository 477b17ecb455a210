import { LANES, type Lane } from '@assay/contracts';
import type { BatchCalls } from './batch-calls.js';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import type { GovernorSettings } from './governor-settings.js';
import type { LimitKey } from './limit-key.js';
import type { Places } from './places.js';
import { wantedStarts } from './wanted-starts.js';

/** Permits are asked for so long ahead. */
const PERMITS_FOR_MS = 300;
/** A permit of a key of its own is good for 75 ms where starts are a second apart: who has no place by then asks again. */
const PLACE_WITHIN_MS = 60;
/** Permits that run out unused make room for others, and nobody says so. */
const LOOK_AGAIN_MS = 50;

/**
 * What is asked of the shared permits, and for which keys. Of thousands of hosts at which somebody waits no more are asked
 * for than will find a place while their permits are good: each that runs out costs its host a whole step.
 */
export class Orders<E extends Entry> {
  /** Keys at which bulk needs a permit, in the order they came. */
  readonly #waiting = new Set<LimitKey<E>>();
  /** Keys with permits on order or in hand. */
  readonly #open = new Set<LimitKey<E>>();

  constructor(
    private readonly settings: GovernorSettings<E>,
    private readonly places: Places,
    private readonly calls: BatchCalls,
  ) {}

  /** Nobody at this key may start before a lease. Express, and what has begun, are asked for at once; others by `place`. */
  missing(key: LimitKey<E>, credential: Credential, first: E, now: number): void {
    if (first.lane === 'express' || first.alone) this.more(key, credential, now, first.lane);
    else this.#waiting.add(key);
  }

  /** Asks for those who have waited longest, as far as bulk's `most` places go. When to look again: Infinity where nobody waits. */
  place(most: number, now: number): number {
    if (this.#waiting.size === 0) return Infinity;
    let room = most - this.places.taken - this.#awaited(now) + this.places.likelyToEnd(PLACE_WITHIN_MS, now);
    for (const key of this.#waiting) {
      if (room < 1) return now + LOOK_AGAIN_MS;
      this.#waiting.delete(key);
      if (!key.queues.bulk.first) continue;
      const credential = key.next('bulk', now);
      if (credential.startsAt('bulk', now) !== undefined) continue;
      const before = credential.awaited(now);
      this.more(key, credential, now, 'bulk');
      room -= credential.awaited(now) - before;
    }
    return Infinity;
  }

  /** Asks for what waits at this key. `lane`: it has an entry that none of the permits in hand serves. */
  more(key: LimitKey<E>, credential: Credential, now: number, lane?: Lane): void {
    if (credential.asked || credential.nextAt > now) return;
    const { settings, places } = this;
    const free = key.probing
      ? 1
      : Math.min(places.freeAt(key), places.free) + Math.ceil(key.pace.likely(PERMITS_FOR_MS, now));
    const starts = wantedStarts(key, settings.batch, { free, inHand: credential.inHand, lane });
    if (starts.express + starts.bulk === 0) return;
    const units = Math.min(settings.batch.size, Math.max(1, key.units));
    const { paid } = this.calls;
    const queued = Math.ceil(this.calls.of(key.units) / paid);
    this.#open.add(key);
    settings.lease(key, credential, credential.order({ starts, calls: paid, units, queued }));
  }

  /** Tells the shared permits what they do not know yet; where a lease is on its way, once that is back. */
  tell(key: LimitKey<E>, credential: Credential): void {
    if (!credential.asked) this.settings.lease(key, credential, credential.news());
  }

  /** Starts that are on order or have their permit: each will want a place. */
  #awaited(now: number): number {
    let all = 0;
    for (const key of this.#open) {
      let here = 0;
      for (const credential of key.credentials) here += credential.awaited(now);
      if (here === 0 || LANES.every((lane) => !key.queues[lane].first)) this.#open.delete(key);
      else all += here;
    }
    return all;
  }
}

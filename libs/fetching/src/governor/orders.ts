import { LANES, type Lane } from '@assay/contracts';
import type { BatchCalls } from './batch-calls.js';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import type { GovernorSettings } from './governor-settings.js';
import type { LimitKey } from './limit-key.js';
import { PermitLine } from './permit-line.js';
import type { Places } from './places.js';
import { wantedStarts } from './wanted-starts.js';

/** Permits are asked for so long ahead. */
const PERMITS_FOR_MS = 300;
/** A permit of a host is good for 75 ms where starts are a second apart: who has no place by then asks again. */
const PLACE_WITHIN_MS = 60;
/** Permits that run out unused make room for others, and nobody says so. */
const LOOK_AGAIN_MS = 50;
/** Beside express that takes all places and the permits for them, one of bulk is asked for so often: it has a turn of nine. */
const AT_LEAST_EVERY_MS = 300;

/**
 * What is asked of the shared permits, and for which keys. Where hosts have limits of their own, no more of them are asked
 * for than will find a place while their permits are good: of thousands that wait most would run out, and each that does
 * costs its host a step.
 */
export class Orders<E extends Entry> {
  readonly #line = new PermitLine<E>();
  /** Keys that had permits on order or in hand when they were last looked at. */
  readonly #open = new Set<LimitKey<E>>();
  #orderedAt = 0;

  constructor(
    private readonly settings: GovernorSettings<E>,
    private readonly places: Places,
    private readonly calls: BatchCalls,
    /** Looks at a key again at that time. */
    private readonly sleep: (key: LimitKey<E>, at: number) => void,
  ) {}

  /**
   * This credential has no permit for `first`. Asked for at once; where bulk of many hosts waits, by `place`. When the key
   * is to be looked at again: Infinity where a lease will tell.
   */
  missing(key: LimitKey<E>, credential: Credential, first: E, now: number): number {
    const urgent = first.lane === 'express' || first.alone || key.probing;
    if (urgent || !this.places.ownLimits) {
      this.more(key, credential, now, first.lane);
      return Infinity;
    }
    this.#line.add(key);
    return Math.min(...key.credentials.map((one) => one.startsAt(first.lane, now) ?? Infinity));
  }

  /** Asks for those who have waited longest, as far as bulk's `most` places go. When to look again; Infinity: nobody waits. */
  place(most: number, givesWay: boolean, now: number): number {
    if (this.#line.size === 0 && this.#open.size <= this.places.all) return Infinity;
    const hasRights = now <= (this.settings.mayStartUntil?.() ?? Infinity);
    const awaited = this.#awaited(now);
    const room = most - this.places.taken - awaited + this.places.likelyToEnd(PLACE_WITHIN_MS, now);
    const overdue = !givesWay && now >= this.#orderedAt + AT_LEAST_EVERY_MS;
    let left = hasRights ? Math.max(room, overdue ? 1 : 0) : 0;
    for (let key = this.#line.first(left); key; key = this.#line.first(left)) left -= this.#ask(key, now);
    return this.#line.size > 0 ? now + LOOK_AGAIN_MS : Infinity;
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
    if (places.ownLimits) this.#open.add(key);
    settings.lease(key, credential, credential.order({ starts, calls: paid, units, queued }));
  }

  started(key: LimitKey<E>): void {
    this.#line.started(key);
  }

  /** Tells the shared permits what they do not know yet; where a lease is on its way, once that is back. */
  tell(key: LimitKey<E>, credential: Credential): void {
    if (!credential.asked) this.settings.lease(key, credential, credential.news());
  }

  /** Asks for one that has waited, if it still must. How many places it will want. */
  #ask(key: LimitKey<E>, now: number): number {
    // What ends there lists the key again.
    if (!key.queues.bulk.first || this.places.freeAt(key) <= 0) return 0;
    const credential = key.next('bulk', now);
    const at = Math.max(key.blockedUntil, credential.startsAt('bulk', now) ?? credential.nextAt);
    if (at > now || credential.startsAt('bulk', now) !== undefined) this.sleep(key, at);
    else {
      this.#orderedAt = now;
      this.more(key, credential, now, 'bulk');
      return 1;
    }
    return 0;
  }

  /** Starts that are on order or have their permit, and will each want a place that is free now. */
  #awaited(now: number): number {
    let all = 0;
    for (const key of this.#open) {
      let here = 0;
      for (const credential of key.credentials) here += credential.awaited(now);
      if (here === 0 || LANES.every((lane) => !key.queues[lane].first)) this.#open.delete(key);
      else if (key.blockedUntil <= now) all += Math.min(here, Math.max(0, this.places.freeAt(key)));
    }
    return all;
  }
}

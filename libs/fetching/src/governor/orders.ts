import { LANES, type Lane } from '@assay/contracts';
import type { BatchCalls } from './batch-calls.js';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import { hasRights, type GovernorSettings } from './governor-settings.js';
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
/** Where bulk is due beside express that takes all places, one is asked for no more often: it may run out unused. */
const DUE_EVERY_MS = 40;

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

  /**
   * Asks for those who have waited longest, as far as bulk's `most` places go; for one at least where its turn is due. When
   * to look again; Infinity: nobody waits.
   */
  place(most: number, isDue: boolean, now: number): number {
    if (this.#line.size === 0 && this.#open.size <= this.places.all) return Infinity;
    const awaited = this.#awaited(now);
    const room = most - this.places.taken - awaited + this.places.likelyToEnd(PLACE_WITHIN_MS, now);
    const least = isDue && now >= this.#orderedAt + DUE_EVERY_MS ? 1 : 0;
    let left = hasRights(this.settings, now) ? Math.max(room, least) : 0;
    for (let key = this.#line.first(left); key; key = this.#line.first(left)) left -= this.#ask(key, now);
    return this.#line.size > 0 ? now + LOOK_AGAIN_MS : Infinity;
  }

  /** Of this lane a call starts with this credential, and its permits are used up soon. Hosts take turns: others may wait. */
  ahead(key: LimitKey<E>, credential: Credential, lane: Lane, now: number): void {
    const takesTurns = this.places.ownLimits && lane === 'bulk' && this.#line.size > 0;
    if (!takesTurns || this.places.freeAt(key) > 0) this.more(key, credential, now);
  }

  /** Asks for what waits at this key. `lane`: it has an entry that none of the permits in hand serves. */
  more(key: LimitKey<E>, credential: Credential, now: number, lane?: Lane): void {
    if (credential.asked || credential.nextAt > now) return;
    const { settings, places } = this;
    const ends = places.ownLimits && lane === 'bulk' ? 0 : key.pace.likely(PERMITS_FOR_MS, now);
    const free = key.probing ? 1 : Math.min(places.freeAt(key), places.free) + Math.ceil(ends);
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

  /** What was not used goes with the next order; where nobody waits for one, now. */
  giveBack(key: LimitKey<E>): void {
    if (LANES.some((lane) => key.queues[lane].first)) return;
    for (const credential of key.credentials) if (credential.hasUnused) this.tell(key, credential);
  }

  /** Asks for one that has waited, if it still must. How many places it will want. */
  #ask(key: LimitKey<E>, now: number): number {
    // What ends there lists the key again.
    if (!key.queues.bulk.first || this.places.freeAt(key) <= 0) return 0;
    const credential = key.next('bulk', now);
    const startsAt = credential.startsAt('bulk', now);
    const at = Math.max(key.blockedUntil, startsAt ?? credential.nextAt);
    if (startsAt !== undefined || at > now) {
      this.sleep(key, at);
      return 0;
    }
    this.#orderedAt = now;
    this.more(key, credential, now, 'bulk');
    return 1;
  }

  /**
   * Starts that are on order or have their permit, and will each want a place soon. Express is given permits for later, and
   * wants none before.
   */
  #awaited(now: number): number {
    let all = 0;
    for (const key of this.#open) {
      const by = key.queues.express.first ? now + PLACE_WITHIN_MS : Infinity;
      if (key.awaited(now) === 0 || LANES.every((lane) => !key.queues[lane].first)) this.#open.delete(key);
      else if (key.blockedUntil <= now)
        all += Math.min(key.awaited(now, by), Math.max(0, this.places.freeAt(key)));
    }
    return all;
  }
}

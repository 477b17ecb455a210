import { LANES, type Lane, type SkipReason } from '@assay/contracts';
import { BatchCalls } from './batch-calls.js';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import { hasRights, type Granted, type GovernorSettings, type Pause } from './governor-settings.js';
import { LaneTurns } from './lane-turns.js';
import type { LimitKey } from './limit-key.js';
import { LimitKeys } from './limit-keys.js';
import { Orders } from './orders.js';
import { Places } from './places.js';
import { Sleepers } from './sleepers.js';
import { ReadyKeys } from './ready-keys.js';
import { fillsBatch, takeBatch } from './take-batch.js';
import type { InHand } from '../permits/permit.js';
import type { Start } from './start.js';

/** A lease is asked for this long before the permits in hand are used up. */
const LEASE_AHEAD_MS = 150;
/** Those who wait for a scarce key are told how long it takes no more often than this. */
const CHECK_EVERY_MS = 500;
/** A process without rights looks again after this. */
const WITHOUT_RIGHTS_MS = 100;

/**
 * Lets calls through as limits, places and lanes allow. It makes wait, it does not fail; what would
 * wait too long is told so at once. What waits for a permit holds no place. Time is passed in.
 */
export class Governor<E extends Entry> {
  readonly #keys: LimitKeys<E>;
  readonly #ready = new ReadyKeys<E>();
  readonly #sleepers = new Sleepers<E>();
  readonly #turns = new LaneTurns();
  readonly #places: Places;
  readonly #calls: BatchCalls;
  readonly #orders: Orders<E>;

  constructor(private readonly settings: GovernorSettings<E>) {
    this.#keys = new LimitKeys(settings);
    this.#calls = new BatchCalls(settings);
    this.#places = new Places(settings);
    this.#orders = new Orders(settings, this.#places, this.#calls, (key, at) =>
      this.#sleepers.sleep(key, at),
    );
  }

  get inFlight(): number {
    return this.#places.taken;
  }

  /** Each key has limits of its own. */
  get ownLimits(): boolean {
    return this.#places.ownLimits;
  }

  /** Limit keys that are remembered. */
  get limitKeys(): number {
    return this.#keys.size;
  }

  key(name: string, now: number): LimitKey<E> {
    return this.#keys.get(name, now);
  }

  /** Queues an entry, or tells it that it would wait too long: then false. Call `pump` after the last one. */
  offer(key: LimitKey<E>, entry: E, now: number): boolean {
    const ahead = entry.lane === 'express' ? key.queues.express.units : key.units;
    if (!entry.waits(now + this.expectedWait(key, entry.lane, ahead + entry.units, now), key.reason(now)))
      return false;
    key.queues[entry.lane].push(entry);
    if (entry.lane === 'express') this.settings.giveWay?.expressCame(now);
    this.#ready.list(key);
    return true;
  }

  /** Queues entries again, in front, once `at` has come. Those that do not wait that long are told so. */
  offerAgain(key: LimitKey<E>, entries: readonly E[], at: number, now: number): void {
    const willing = this.#willing(key, entries, at, now);
    if (willing.length === 0) return;
    if (at > now) {
      this.#sleepers.putOff({ key, entries: willing }, at);
      this.settings.wakeAt(at);
    } else this.#toFront(key, willing);
  }

  /** Expected wait of the last of `units` queued: what blocks the key, plus the queue at the rate of its limits. */
  expectedWait(key: LimitKey<E>, lane: Lane, units: number, now: number): number {
    const blocked = Math.max(0, key.blockedUntil - now);
    return blocked + key.waitFor(lane, this.#calls.of(units), units, now + blocked);
  }

  /** Nothing of this key starts before `until`; what does not wait that long is told so now. */
  block(key: LimitKey<E>, until: number, reason: SkipReason, now: number): void {
    if (until <= key.blockedUntil) return;
    key.blockedUntil = until;
    key.blockedBy = reason;
    this.#recheck(key, now);
  }

  /** An entry that was answered meanwhile. */
  giveUp(key: LimitKey<E>, entry: E): void {
    entry.gone = true;
    key.queues[entry.lane].giveUp(entry);
  }

  /**
   * Moves an entry to the express lane; what is not queued now will be offered there. When it is expected to start, where it
   * was moved in the line.
   */
  hurry(key: LimitKey<E>, entry: E, now: number): number | undefined {
    if (entry.lane === 'express') return undefined;
    const { queued } = entry;
    if (queued) key.queues.bulk.remove(entry);
    entry.lane = 'express';
    if (!queued) return undefined;
    key.queues.express.push(entry);
    this.#ready.list(key);
    return now + this.expectedWait(key, 'express', key.queues.express.units, now);
  }

  unblock(key: LimitKey<E>): void {
    key.blockedUntil = 0;
    this.#ready.list(key);
  }

  /** Nothing of this key starts with this credential before `until`, in no process. */
  pause(key: LimitKey<E>, credential: Credential, pause: Pause, now: number): void {
    credential.handBack();
    if (credential.limited) this.settings.sharePause(key, credential, pause);
    if (pause.until <= credential.pausedUntil) return;
    credential.pausedUntil = pause.until;
    credential.pausedBy = pause.by;
    this.#recheck(key, now);
  }

  /** What the shared permits gave. `ahead`: how far their clock is ahead of ours. Call `pump` after it. */
  granted(key: LimitKey<E>, credential: Credential, given: Granted, now: number): void {
    const pausedBefore = credential.pausedUntil;
    credential.granted(given.lease, given.state, given.ahead, now);
    this.#ready.list(key);
    if (credential.hasUrgentNews) this.#orders.tell(key, credential);
    this.#orders.giveBack(key);
    const slow = credential.stepAtLeast > 0;
    const scarce = credential.nextAt > now && (slow || now >= key.checkedAt + CHECK_EVERY_MS);
    if (!scarce && credential.pausedUntil === pausedBefore) return;
    key.checkedAt = now;
    this.#recheck(key, now);
  }

  /** The shared permits are away: asked again at `retryAt`. */
  refused(key: LimitKey<E>, credential: Credential, retryAt: number): void {
    credential.refused(retryAt);
    this.#sleepers.sleep(key, retryAt);
    this.settings.wakeAt(retryAt);
  }

  /** Gives back the permits in hand. */
  leave(): void {
    for (const key of this.#keys)
      for (const credential of key.credentials.filter(({ inHand }) => inHand > 0)) {
        credential.handBack();
        this.settings.lease(key, credential, credential.news());
      }
  }

  /** The provider does not know this credential: it is set aside at every key. False where no other is left. */
  refuse(credential: Credential, until: number, now: number): boolean {
    const others = this.#keys.refuse(credential, until, now);
    for (const key of this.#keys) this.#recheck(key, now);
    return others;
  }

  /** What a batch really cost, where it is not what its permit paid for; later estimates go by it. */
  charge(credential: Credential, calls: number, permit: InHand | undefined): void {
    const owed = this.#calls.took(calls, permit?.calls);
    if (owed > 0) credential.owe(owed);
  }

  /** A call started later than its permit allowed: told at once, so that the next one keeps its distance. */
  startedLate(key: LimitKey<E>, { credential, permit }: Start, now: number): void {
    credential.startedLate(now, permit);
    if (credential.limited) this.#orders.tell(key, credential);
  }

  /** The host asks for calls at least `ms` apart: all are told, and those who wait how long it takes now. */
  keepApart(key: LimitKey<E>, ms: number, now: number): void {
    const apart = ms / Math.max(1, this.settings.limitsFactor ?? 1);
    let longer = false;
    for (const credential of key.credentials) {
      if (!credential.keepApart(apart, now)) continue;
      longer = true;
      this.#orders.tell(key, credential);
    }
    if (longer) this.#recheck(key, now);
  }

  /** A call that its start had not paid for: the next is so much later. Where a host asks for distance all are told now. */
  oneMore(key: LimitKey<E>, now: number): void {
    const credential = key.credentials[0]!;
    credential.owe(1);
    if (credential.stepAtLeast === 0) return;
    this.#orders.tell(key, credential);
    this.#recheck(key, now);
  }

  /** Gives a place back. Call `pump` after it. */
  release(key: LimitKey<E>): void {
    this.#places.gaveBack();
    key.inFlight--;
    key.pace.ended();
    this.#orders.giveBack(key);
    this.#ready.list(key);
  }

  /** Starts all that may start now. */
  pump(now: number): void {
    this.#sleepers.wake(
      now,
      ({ key, entries }) => this.#toFront(key, this.#willing(key, entries, now, now)),
      (key) => this.#ready.list(key),
    );
    const yieldsUntil = this.settings.giveWay?.until(now) ?? 0;
    const forBulk = yieldsUntil > now ? this.#places.few : this.#places.bulk;
    while (this.#places.free > 0) {
      const expressWaits = this.#ready.has('express');
      // While express waits as well, turns decide: bulk never starves.
      const bulkMay = (expressWaits && yieldsUntil <= now) || this.#places.taken < forBulk;
      const lane = this.#turns.next(expressWaits, bulkMay && this.#ready.has('bulk'));
      if (!lane) break;
      this.#tryStart(this.#ready.next(lane), lane, now);
    }
    const heldBack = yieldsUntil > now && this.#ready.has('bulk') ? yieldsUntil : Infinity;
    const bulkIsDue = yieldsUntil <= now && this.#turns.bulkIsDue;
    const placed = this.#orders.place(forBulk, bulkIsDue, now);
    const next = Math.min(placed, this.#sleepers.earliest, heldBack);
    if (next < Infinity) this.settings.wakeAt(next);
  }

  #tryStart(key: LimitKey<E>, lane: Lane, now: number): void {
    const first = key.queues[lane].first;
    if (!first || this.#places.freeAt(key) <= 0) return;
    const credential = key.next(lane, now);
    const startsAt = this.#startsAt(key, first, credential, now);
    if (startsAt > now) return this.#sleepers.sleep(key, startsAt);
    const entries = takeBatch(key, lane, Math.min(this.settings.batch.size, credential.unitsOf(lane)));
    const permit = credential.use(lane, entries.length);
    this.#orders.started(key);
    this.#turns.started(lane);
    key.inFlight++;
    this.#places.taken++;
    if (credential.limited && (credential.startsAt(lane, now) ?? 0) < now + LEASE_AHEAD_MS)
      this.#orders.ahead(key, credential, lane, now);
    this.#ready.list(key);
    this.settings.start(key, entries, credential, permit);
  }

  /** When the first entry may start; Infinity where a lease must come first. */
  #startsAt(key: LimitKey<E>, first: E, credential: Credential, now: number): number {
    if (key.blockedUntil > now) return key.blockedUntil;
    if (!hasRights(this.settings, now)) return now + WITHOUT_RIGHTS_MS;
    const { batch } = this.settings;
    const lingersUntil = first.arrivedAt + batch.lingerMs[first.lane];
    if (lingersUntil > now && !first.alone && !first.group && !fillsBatch(key, batch)) return lingersUntil;
    const startsAt = credential.startsAt(first.lane, now);
    if (startsAt !== undefined) return startsAt > now ? startsAt : this.#triesAt(key, now);
    if (credential.nextAt > now) return credential.nextAt;
    return this.#orders.missing(key, credential, first, now);
  }

  /** With its permit in hand: a right to try that had to wait for one would end unused, and keep the others from it. */
  #triesAt(key: LimitKey<E>, now: number): number {
    if (!key.probing || now <= key.tryBy) return now;
    this.settings.askToTry?.(key);
    return key.blockedUntil;
  }

  #willing(key: LimitKey<E>, entries: readonly E[], at: number, now: number): E[] {
    const startsAt = Math.max(at, key.blockedUntil, key.pausedUntil);
    const reason = key.reason(now);
    return entries.filter((entry) => !entry.gone && entry.waits(startsAt, reason));
  }

  #toFront(key: LimitKey<E>, entries: readonly E[]): void {
    for (const entry of entries.toReversed()) key.queues[entry.lane].pushFront(entry);
    this.#ready.list(key);
  }

  #recheck(key: LimitKey<E>, now: number): void {
    const reason = key.reason(now);
    let ahead = 0;
    for (const lane of LANES) {
      for (const entry of key.queues[lane]) {
        ahead += entry.units;
        if (entry.waits(now + this.expectedWait(key, lane, ahead, now), reason)) continue;
        this.giveUp(key, entry);
        ahead -= entry.units;
      }
    }
  }
}

import { LANES, type Lane, type SkipReason } from '@assay/contracts';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import type { Granted, GovernorSettings, Pause } from './governor-settings.js';
import { LaneTurns } from './lane-turns.js';
import type { LimitKey } from './limit-key.js';
import { LimitKeys } from './limit-keys.js';
import { fillsBatch, takeBatch } from './take-batch.js';
import { wantedStarts } from './wanted-starts.js';
import type { InHand } from '../permits/permit.js';
import type { Start } from './start.js';
import { WakeQueue } from './wake-queue.js';

/** Share of the places that bulk leaves free, so that express need not wait until calls of bulk return. */
const EXPRESS_SHARE = 0.25;
/** Share of the places that bulk keeps while it gives way: slow, not starved. */
const BULK_SHARE_BESIDE = 0.1;
/** A lease is asked for this long before the permits in hand are used up. */
const LEASE_AHEAD_MS = 150;
/** Permits are asked for so long ahead. */
const PERMITS_FOR_MS = 300;
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
  readonly #ready: Readonly<Record<Lane, LimitKey<E>[]>> = { express: [], bulk: [] };
  readonly #asleep = new WakeQueue<LimitKey<E>>();
  readonly #later = new WakeQueue<{ key: LimitKey<E>; entries: readonly E[] }>();
  readonly #turns = new LaneTurns();
  #inFlight = 0;
  readonly #leastCallsPerBatch: number;
  #callsPerBatch: number;
  readonly #bulkPlaces: number;
  readonly #fewPlaces: number;

  constructor(private readonly settings: GovernorSettings<E>) {
    this.#keys = new LimitKeys(settings);
    this.#leastCallsPerBatch = settings.callsPerBatch ?? 1;
    this.#callsPerBatch = this.#leastCallsPerBatch;
    this.#bulkPlaces = settings.concurrency - Math.floor(settings.concurrency * EXPRESS_SHARE);
    this.#fewPlaces = Math.ceil(settings.concurrency * BULK_SHARE_BESIDE);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get #callsInAll(): number {
    return Math.max(this.#callsPerBatch, this.settings.callsInAll ?? 1);
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
    if (
      !entry.waits(now + this.expectedWait(key, entry.lane, ahead + entry.units, now), this.reason(key, now))
    )
      return false;
    key.queues[entry.lane].push(entry);
    if (entry.lane === 'express') this.settings.giveWay?.expressCame(now);
    this.#list(key);
    return true;
  }

  /** Queues entries again, in front, once `at` has come. Those that do not wait that long are told so. */
  offerAgain(key: LimitKey<E>, entries: readonly E[], at: number, now: number): void {
    const willing = this.#willing(key, entries, at, now);
    if (willing.length === 0) return;
    if (at > now) {
      this.#later.add(at, { key, entries: willing });
      this.settings.wakeAt(at);
    } else this.#toFront(key, willing);
  }

  /** Expected wait of the last of `units` queued: what blocks the key, plus the queue at the rate of its limits. */
  expectedWait(key: LimitKey<E>, lane: Lane, units: number, now: number): number {
    const blocked = Math.max(0, key.blockedUntil - now);
    const calls = Math.ceil(units / this.settings.batch.size) * this.#callsInAll;
    return blocked + key.waitFor(lane, calls, units, now + blocked);
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

  /** Moves an entry to the express lane; what is not queued now will be offered there. */
  hurry(key: LimitKey<E>, entry: E): void {
    if (entry.lane === 'express') return;
    const { queued } = entry;
    if (queued) key.queues.bulk.remove(entry);
    entry.lane = 'express';
    if (!queued) return;
    key.queues.express.push(entry);
    this.#list(key);
  }

  unblock(key: LimitKey<E>): void {
    key.blockedUntil = 0;
    this.#list(key);
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
    this.#list(key);
    if (credential.hasUrgentNews) this.#tell(key, credential);
    const slow = credential.stepAtLeast > 0;
    const scarce = credential.nextAt > now && (slow || now >= key.checkedAt + CHECK_EVERY_MS);
    if (!scarce && credential.pausedUntil === pausedBefore) return;
    key.checkedAt = now;
    this.#recheck(key, now);
  }

  /** The shared permits are away: asked again at `retryAt`. */
  refused(key: LimitKey<E>, credential: Credential, retryAt: number): void {
    credential.refused(retryAt);
    this.#sleep(key, retryAt);
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
    const paid = permit?.calls ?? this.#callsPerBatch;
    if (calls > paid) credential.owe(calls - paid);
    this.#callsPerBatch = Math.max(this.#leastCallsPerBatch, calls);
  }

  /** A call started later than its permit allowed: told at once, so that the next one keeps its distance. */
  startedLate(key: LimitKey<E>, { credential, permit }: Start, now: number): void {
    credential.startedLate(now, permit);
    if (credential.limited) this.#tell(key, credential);
  }

  /** The host asks for calls at least `ms` apart: all are told, and those who wait how long it takes now. */
  keepApart(key: LimitKey<E>, ms: number, now: number): void {
    const apart = ms / Math.max(1, this.settings.limitsFactor ?? 1);
    let longer = false;
    for (const credential of key.credentials) {
      if (!credential.keepApart(apart, now)) continue;
      longer = true;
      this.#tell(key, credential);
    }
    if (longer) this.#recheck(key, now);
  }

  /** A call beyond what its start had paid for: the next start is so much later. */
  oneMore(key: LimitKey<E>, now: number): void {
    const credential = key.credentials[0]!;
    credential.owe(1);
    this.#tell(key, credential);
    this.#recheck(key, now);
  }

  /** Gives a place back. Call `pump` after it. */
  release(key: LimitKey<E>): void {
    this.#inFlight--;
    key.inFlight--;
    key.ended++;
    this.#list(key);
  }

  /** Starts all that may start now. */
  pump(now: number): void {
    this.#wake(now);
    const yieldsUntil = this.settings.giveWay?.until(now) ?? 0;
    const places = yieldsUntil > now ? this.#fewPlaces : this.#bulkPlaces;
    while (this.#inFlight < this.settings.concurrency) {
      const expressWaits = this.#ready.express.length > 0;
      // While express waits as well, turns decide: bulk never starves.
      const bulkMay = (expressWaits && yieldsUntil <= now) || this.#inFlight < places;
      const lane = this.#turns.next(expressWaits, bulkMay && this.#ready.bulk.length > 0);
      if (!lane) break;
      const key = this.#ready[lane].shift()!;
      key.listed[lane] = false;
      this.#tryStart(key, lane, now);
    }
    const heldBack = yieldsUntil > now && this.#ready.bulk.length > 0 ? yieldsUntil : Infinity;
    const next = Math.min(this.#asleep.earliest ?? Infinity, this.#later.earliest ?? Infinity, heldBack);
    if (next < Infinity) this.settings.wakeAt(next);
  }

  /** Why a key makes wait: what blocks it, else its limits. */
  reason(key: LimitKey<E>, now: number): SkipReason {
    return key.blockedUntil > now ? key.blockedBy : (key.pausedBy(now) ?? 'quota');
  }

  /** Tells the shared permits what they do not know yet; where a lease is on its way, once that is back. */
  #tell(key: LimitKey<E>, credential: Credential): void {
    if (!credential.asked) this.settings.lease(key, credential, credential.news());
  }

  #tryStart(key: LimitKey<E>, lane: Lane, now: number): void {
    const first = key.queues[lane].first;
    if (!first || key.inFlight >= this.#placesOf(key)) return;
    const credential = key.next(lane, now);
    const startsAt = this.#startsAt(key, first, credential, now);
    if (startsAt > now) return this.#sleep(key, startsAt);
    const entries = takeBatch(key, lane, Math.min(this.settings.batch.size, credential.unitsOf(lane)));
    const permit = credential.use(lane);
    key.inFlight++;
    this.#inFlight++;
    if (credential.limited && (credential.startsAt(lane, now) ?? 0) < now + LEASE_AHEAD_MS)
      this.#order(key, credential, now);
    this.#list(key);
    this.settings.start(key, entries, credential, permit);
  }

  #placesOf(key: LimitKey<E>): number {
    return key.probing ? 1 : this.settings.concurrencyPerKey;
  }

  /** When the first entry may start; Infinity where a lease must come first. */
  #startsAt(key: LimitKey<E>, first: E, credential: Credential, now: number): number {
    if (key.blockedUntil > now) return key.blockedUntil;
    if (now > (this.settings.mayStartUntil?.() ?? Infinity)) return now + WITHOUT_RIGHTS_MS;
    const { batch } = this.settings;
    const lingersUntil = first.arrivedAt + batch.lingerMs[first.lane];
    if (lingersUntil > now && !first.alone && !first.group && !fillsBatch(key, batch)) return lingersUntil;
    const startsAt = credential.startsAt(first.lane, now);
    if (startsAt !== undefined) return startsAt > now ? startsAt : this.#triesAt(key, now);
    if (credential.nextAt > now) return credential.nextAt;
    this.#order(key, credential, now, first.lane);
    return Infinity;
  }

  /** With its permit in hand: a right to try that had to wait for one would end unused, and keep the others from it. */
  #triesAt(key: LimitKey<E>, now: number): number {
    if (!key.probing || now <= key.tryBy) return now;
    this.settings.askToTry?.(key);
    return key.blockedUntil;
  }

  #order(key: LimitKey<E>, credential: Credential, now: number, lane?: Lane): void {
    if (credential.asked || credential.nextAt > now) return;
    const places = Math.min(this.#placesOf(key) - key.inFlight, this.settings.concurrency - this.#inFlight);
    const free = key.probing ? 1 : places + key.likelyToEnd(PERMITS_FOR_MS, now);
    const starts = wantedStarts(key, this.settings.batch, { free, inHand: credential.inHand, lane });
    if (starts.express + starts.bulk === 0) return;
    const units = Math.min(this.settings.batch.size, Math.max(1, key.units));
    const batches = Math.ceil(key.units / this.settings.batch.size);
    const queued = Math.ceil((batches * this.#callsInAll) / this.#callsPerBatch);
    const order = credential.order({ starts, calls: this.#callsPerBatch, units, queued });
    this.settings.lease(key, credential, order);
  }

  #list(key: LimitKey<E>): void {
    for (const lane of LANES) {
      if (key.listed[lane] || !key.queues[lane].first) continue;
      key.listed[lane] = true;
      this.#ready[lane].push(key);
    }
  }

  #sleep(key: LimitKey<E>, until: number): void {
    if (until === Infinity || (key.wakeAt > 0 && key.wakeAt <= until)) return;
    key.wakeAt = until;
    this.#asleep.add(until, key);
  }

  #wake(now: number): void {
    for (let due = this.#later.takeDue(now); due; due = this.#later.takeDue(now))
      this.#toFront(due.key, this.#willing(due.key, due.entries, now, now));
    for (let key = this.#asleep.takeDue(now); key; key = this.#asleep.takeDue(now)) {
      key.wakeAt = 0;
      this.#list(key);
    }
  }

  #willing(key: LimitKey<E>, entries: readonly E[], at: number, now: number): E[] {
    const startsAt = Math.max(at, key.blockedUntil, key.pausedUntil);
    const reason = this.reason(key, now);
    return entries.filter((entry) => !entry.gone && entry.waits(startsAt, reason));
  }

  #toFront(key: LimitKey<E>, entries: readonly E[]): void {
    for (let i = entries.length - 1; i >= 0; i--) key.queues[entries[i]!.lane].pushFront(entries[i]!);
    this.#list(key);
  }

  #recheck(key: LimitKey<E>, now: number): void {
    const reason = this.reason(key, now);
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

import { LANES, type Lane, type SkipReason } from '@assay/contracts';
import type { Credential } from './credential.js';
import type { Entry } from './entry-queue.js';
import { LaneTurns } from './lane-turns.js';
import type { LimitKey } from './limit-key.js';
import { LimitKeys, type LimitKeysSettings } from './limit-keys.js';
import { WakeQueue } from './wake-queue.js';

export interface GovernorSettings<E extends Entry> extends LimitKeysSettings<E> {
  readonly batch: { readonly size: number; readonly lingerMs: number };
  /** Calls in flight, over all keys and per key. */
  readonly concurrency: number;
  readonly concurrencyPerKey: number;
  /** Entries may start now: the credential's permits are spent, one place is taken until `release`. */
  start(key: LimitKey<E>, entries: E[], credential: Credential): void;
  /** Call `pump` again at this time; the earliest of all wishes counts. */
  wakeAt(time: number): void;
  /** Whether bulk must make way now; told of each express entry that comes. Default: never. */
  readonly giveWay?: GiveWay;
}

/** Whom the lanes of a process share: see `express-first.ts`. */
export interface GiveWay {
  expressCame(now: number): void;
  /** Until when bulk gives way; in the past where it need not. */
  until(now: number): number;
}

/** Share of the places that bulk leaves free, so that express need not wait until calls of bulk return. */
const EXPRESS_SHARE = 0.25;
/** Share of the places that bulk keeps while it gives way: slow, not starved. */
const BULK_SHARE_BESIDE = 0.1;

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
  #callsPerBatch = 1;

  readonly #bulkPlaces: number;
  readonly #fewPlaces: number;

  constructor(private readonly settings: GovernorSettings<E>) {
    this.#keys = new LimitKeys(settings);
    this.#bulkPlaces = settings.concurrency - Math.floor(settings.concurrency * EXPRESS_SHARE);
    this.#fewPlaces = Math.ceil(settings.concurrency * BULK_SHARE_BESIDE);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  key(name: string, now: number): LimitKey<E> {
    return this.#keys.get(name, now);
  }

  /** Queues an entry, or tells it that it would wait too long: then false. Call `pump` after the last one. */
  offer(key: LimitKey<E>, entry: E, now: number): boolean {
    const ahead = entry.lane === 'express' ? key.queues.express.units : key.units;
    if (!entry.waits(now + this.expectedWait(key, ahead + entry.units, now), this.reason(key, now)))
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
  expectedWait(key: LimitKey<E>, units: number, now: number): number {
    const blocked = Math.max(0, key.blockedUntil - now);
    const calls = Math.ceil(units / this.settings.batch.size) * this.#callsPerBatch;
    return blocked + key.waitFor(calls, units, now + blocked);
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

  /** Moves a queued entry to the express lane. */
  hurry(key: LimitKey<E>, entry: E): void {
    if (entry.lane === 'express' || !entry.queued) return;
    key.queues.bulk.remove(entry);
    entry.lane = 'express';
    key.queues.express.push(entry);
    this.#list(key);
  }

  unblock(key: LimitKey<E>): void {
    key.blockedUntil = 0;
    this.#list(key);
  }

  /** Nothing of this key starts with this credential before `until`. */
  pause(key: LimitKey<E>, credential: Credential, until: number, now: number): void {
    if (until <= credential.pausedUntil) return;
    credential.pausedUntil = until;
    credential.pausedBy = 'quota';
    this.#recheck(key, now);
  }

  /** The provider does not know this credential: it is set aside at every key. False where no other is left. */
  refuse(credential: Credential, until: number, now: number): boolean {
    const others = this.#keys.refuse(credential, until, now);
    for (const key of this.#keys) this.#recheck(key, now);
    return others;
  }

  /** What a batch really cost, where it is not one call; later estimates go by it. */
  charge(credential: Credential, calls: number, now: number): void {
    if (calls > this.#callsPerBatch) credential.take(calls - this.#callsPerBatch, 0, now);
    this.#callsPerBatch = calls;
  }

  /** Gives a place back. Call `pump` after it. */
  release(key: LimitKey<E>): void {
    this.#inFlight--;
    key.inFlight--;
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

  #tryStart(key: LimitKey<E>, lane: Lane, now: number): void {
    const first = key.queues[lane].first;
    if (!first || key.inFlight >= (key.probing ? 1 : this.settings.concurrencyPerKey)) return;
    const likely = Math.min(this.settings.batch.size, key.units);
    const credential = key.next(this.#callsPerBatch, likely, now);
    const startsAt = this.#startsAt(key, first, credential, now);
    if (startsAt > now) return this.#sleep(key, startsAt);
    const entries = this.#takeBatch(key, lane);
    const units = entries.reduce((sum, entry) => sum + entry.units, 0);
    credential.take(this.#callsPerBatch, units, now);
    key.inFlight++;
    this.#inFlight++;
    this.#list(key);
    this.settings.start(key, entries, credential);
  }

  #startsAt(key: LimitKey<E>, first: E, credential: Credential, now: number): number {
    if (key.blockedUntil > now) return key.blockedUntil;
    const { size, lingerMs } = this.settings.batch;
    const waiting = key.units;
    if (size > 1 && waiting < size && !first.alone && !first.group && first.arrivedAt + lingerMs > now)
      return first.arrivedAt + lingerMs;
    return now + credential.waitToStart(this.#callsPerBatch, Math.min(size, waiting), now);
  }

  #takeBatch(key: LimitKey<E>, lane: Lane): E[] {
    const queue = key.queues[lane];
    const first = queue.shift()!;
    const entries = [first];
    if (first.alone) return entries;
    for (const from of [queue, key.queues[lane === 'express' ? 'bulk' : 'express']]) {
      while (entries.length < this.settings.batch.size) {
        const next = from.first;
        if (!next || next.alone || next.group !== first.group) break;
        from.shift();
        entries.push(next);
      }
    }
    return entries;
  }

  #list(key: LimitKey<E>): void {
    for (const lane of LANES) {
      if (key.listed[lane] || !key.queues[lane].first) continue;
      key.listed[lane] = true;
      this.#ready[lane].push(key);
    }
  }

  #sleep(key: LimitKey<E>, until: number): void {
    if (key.wakeAt > 0 && key.wakeAt <= until) return;
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
    const startsAt = Math.max(at, key.blockedUntil, now + key.next(1, 1, now).waitToStart(0, 0, now));
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
        if (entry.waits(now + this.expectedWait(key, ahead, now), reason)) continue;
        this.giveUp(key, entry);
        ahead -= entry.units;
      }
    }
  }
}

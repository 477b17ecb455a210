import type { Facts, FailureClass, Lane, SkipReason } from '@assay/contracts';
import type { Question } from '@assay/providers';
import { isFresh, type FreshAnswer } from '../answers/answer-store.js';
import type { Entry } from '../governor/entry-queue.js';
import { NotHeld, type AskRequest, type CellResult, type Control, type Wait } from './ask.js';
import { withOlder } from './older-answer.js';

export interface Waiter {
  readonly row: AskRequest;
  /** Patience or expiry, whichever ends first. */
  waitUntil: number;
  resolve(result: CellResult | Wait): void;
  reject(error: Error): void;
}

export interface Failure {
  readonly class: FailureClass;
  readonly message: string;
  readonly facts?: Facts | undefined;
}

/**
 * Whoever would wait longer than this for a limit key of its own is parked. Bulk: a second and a bit, so that the second
 * row of a host at one a second (1,100 ms) waits here; express has 5 s of patience in all.
 */
export const PARKED_AFTER_MS: Readonly<Record<Lane, number>> = { express: 2_000, bulk: 1_300 };

/** One question on its way to an answer, for every row that wants it: single flight. */
export class Flight implements Entry {
  readonly units = 1;
  readonly alone = false;
  queued = false;
  gone = false;
  group: object | undefined;
  lane: Lane;
  attempts = 0;
  calling = false;
  /** When it was last expected to start. */
  startsAt = 0;
  lastFailure: Failure | undefined;
  /** Id of the stored answer that was offered last. */
  offered: string | null = null;
  /** Somebody who waits, or waited, has a ceiling. */
  capped: boolean;
  /** Set where rows that wait for its limit key may be parked. */
  parksAt: { readonly name: string; readonly stepAtLeast: number } | undefined;
  #stored: FreshAnswer | undefined;
  #waiters: Waiter[];

  constructor(
    readonly answerKey: string,
    readonly question: Question,
    readonly arrivedAt: number,
    first: Waiter,
    private readonly now: () => number,
    private readonly ended: (flight: Flight) => void,
    private readonly control?: Control,
  ) {
    this.lane = first.row.lane;
    this.capped = first.row.capped === true;
    this.#waiters = [first];
  }

  /** Who waits, in the order they came. */
  get rows(): AskRequest[] {
    return this.#waiters.map(({ row }) => row);
  }

  /** The latest expiry of those who wait. */
  get expiresAt(): number {
    let latest = 0;
    for (const { row } of this.#waiters) latest = Math.max(latest, row.expiresAt);
    return latest;
  }

  /** The latest time up to which somebody waits for a permit. */
  get waitUntil(): number {
    let latest = 0;
    for (const { waitUntil } of this.#waiters) latest = Math.max(latest, waitUntil);
    return latest;
  }

  join(waiter: Waiter): void {
    this.#waiters.push(waiter);
    this.capped ||= waiter.row.capped === true;
  }

  /** It was asked, in vain: patience is for limits, and what waits for its next try begins to wait now. */
  askedInVain(now: number): void {
    this.calling = false;
    for (const waiter of this.#waiters) waiter.waitUntil = lastsUntil(waiter.row, now);
  }

  /** True where all its rows may be parked and none has been: they stand behind those that are. */
  get comesNew(): boolean {
    return this.#waiters.every(({ row }) => row.mayPark && !row.unparked);
  }

  /** False where nobody is left who waits that long in place: told so, or parked. */
  waits(startsAt: number, reason: SkipReason): boolean {
    this.startsAt = startsAt;
    const now = this.now();
    this.#answer(
      // What may start now does not wait for a limit, however short its patience.
      ({ waitUntil }) => startsAt > Math.max(now, waitUntil),
      () => ({ ...this.#unanswered(reason), until: Math.ceil(startsAt) }),
    );
    this.#park(startsAt, reason);
    return !this.gone;
  }

  /** Whether it may be called now: rows that were cancelled, paused or lost meanwhile leave it. */
  wanted(now: number): boolean {
    this.controlled(now);
    return !this.gone;
  }

  /** Answers those who were cancelled, parks those who pause, gives back those that are not ours any more. */
  controlled(now: number): void {
    if (this.calling) return;
    const is = (state: 'paused' | 'cancelled') => (waiter: Waiter) =>
      this.control?.stateOf(waiter.row) === state;
    this.#answer(is('cancelled'), () => cancelled(now));
    const paused = is('paused');
    this.#part(
      (waiter) => waiter.row.mayPark === true && paused(waiter),
      ({ row, resolve }) => resolve(pausedUntil(row)),
    );
    this.#part(
      ({ row }) => row.held?.() === false,
      ({ reject }) => reject(new NotHeld()),
    );
  }

  /** True where everybody who waits was cancelled. */
  get isCancelled(): boolean {
    return this.#waiters.every(({ row }) => this.control?.stateOf(row) === 'cancelled');
  }

  /** Answers those whose time is up; false where nobody is left. */
  expire(now: number): boolean {
    this.#answer(
      ({ row }) => row.expiresAt <= now,
      () => (this.calling ? this.#failed('timeout') : this.#unanswered('expired')),
    );
    return !this.gone;
  }

  /** Answers those who accept a stored answer; false where nobody is left. */
  offerStored(stored: FreshAnswer, now: number): boolean {
    this.offered = stored.id;
    this.#stored = stored;
    this.#answer(
      ({ row }) => isFresh(stored, row, now),
      () => answered(stored),
    );
    return !this.gone;
  }

  /** Ends it for those rows. */
  answerThose(whom: (row: AskRequest) => boolean, result: CellResult): void {
    this.#answer(
      ({ row }) => whom(row),
      () => result,
    );
  }

  /** Ends it for everybody. */
  settle(result: CellResult): void {
    this.#answer(
      () => true,
      () => result,
    );
  }

  reject(error: Error): void {
    this.#part(
      () => true,
      (waiter) => waiter.reject(error),
    );
  }

  /** What was asked in vain waits for its next try here, or its tries would begin anew; not where its key makes it wait. */
  #park(startsAt: number, reason: SkipReason): void {
    const { parksAt } = this;
    if (parksAt === undefined || (this.lastFailure && this.lastFailure.class !== 'rate_limited')) return;
    const wait = startsAt - this.now();
    const { name: limitKey, stepAtLeast } = parksAt;
    const step = stepAtLeast > 0 ? { stepMs: stepAtLeast } : {};
    this.#part(
      ({ row }) => row.mayPark === true && wait > PARKED_AFTER_MS[row.lane],
      ({ resolve }) => resolve({ kind: 'wait', notBefore: Math.ceil(startsAt), limitKey, reason, ...step }),
    );
  }

  #answer(whom: (waiter: Waiter) => boolean, what: () => CellResult): void {
    let result: CellResult | undefined;
    this.#part(whom, ({ row, resolve }) =>
      resolve(withOlder((result ??= what()), this.#stored, row, this.now())),
    );
  }

  #part(whom: (waiter: Waiter) => boolean, end: (waiter: Waiter) => void): void {
    if (!this.#waiters.some(whom)) return;
    const done: Waiter[] = [];
    const rest: Waiter[] = [];
    for (const waiter of this.#waiters) (whom(waiter) ? done : rest).push(waiter);
    if (rest.length === 0) this.#end();
    else this.#waiters = rest;
    for (const waiter of done) end(waiter);
  }

  #end(): void {
    this.#waiters = [];
    this.gone = true;
    this.ended(this);
  }

  /** Asked in vain before: that is what the cell says. Never asked: why not. */
  #unanswered(reason: SkipReason): CellResult {
    if (this.lastFailure) return this.#failed(this.lastFailure.class);
    return { outcome: 'skipped', detail: reason, at: this.now() };
  }

  #failed(detail: FailureClass): CellResult {
    return { ...failed(this.lastFailure, this.now()), detail };
  }
}

/** Until when a row waits that begins to wait now. */
export function lastsUntil({ patienceMs, expiresAt }: AskRequest, now: number): number {
  return Math.min(now + patienceMs, expiresAt);
}

export function cancelled(at: number): CellResult {
  return { outcome: 'skipped', detail: 'cancelled', at };
}

/** Until somebody resumes its submission; at the latest until it expires. */
export function pausedUntil({ expiresAt }: AskRequest): Wait {
  return { kind: 'wait', notBefore: expiresAt, limitKey: '', reason: 'paused' };
}

export function failed(failure: Failure | undefined, at: number): CellResult {
  return {
    outcome: 'failed',
    detail: failure?.class ?? 'timeout',
    at,
    ...(failure?.facts ? { facts: failure.facts } : {}),
    ...(failure ? { message: failure.message } : {}),
  };
}

export function answered(answer: FreshAnswer): CellResult {
  const { outcome, id, fetchedAt, facts } = answer;
  return facts ? { outcome, answer: id, at: fetchedAt, facts } : { outcome, answer: id, at: fetchedAt };
}

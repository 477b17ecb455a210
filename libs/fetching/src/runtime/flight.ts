import type { Facts, FailureClass, Lane, SkipReason } from '@assay/contracts';
import type { Question } from '@assay/providers';
import { isFresh, type FreshAnswer } from '../answers/answer-store.js';
import type { Entry } from '../governor/entry-queue.js';
import type { AskRequest, CellResult } from './ask.js';

export interface Waiter {
  readonly row: AskRequest;
  /** Patience or expiry, whichever ends first. */
  readonly waitUntil: number;
  resolve(result: CellResult): void;
  reject(error: Error): void;
}

export interface Failure {
  readonly class: FailureClass;
  readonly message: string;
  readonly facts?: Facts | undefined;
}

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
  #waiters: Waiter[];

  constructor(
    readonly answerKey: string,
    readonly question: Question,
    readonly arrivedAt: number,
    first: Waiter,
    private readonly now: () => number,
    private readonly ended: (flight: Flight) => void,
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

  join(waiter: Waiter, reason: SkipReason): void {
    this.#waiters.push(waiter);
    this.capped ||= waiter.row.capped === true;
    if (this.queued) this.waits(this.startsAt, reason);
  }

  /** The rows that wait hold nothing that others could use. */
  park(): void {
    for (const { row } of this.#waiters) row.park?.();
  }

  waits(startsAt: number, reason: SkipReason): boolean {
    this.startsAt = startsAt;
    this.#answer(
      ({ waitUntil }) => startsAt > waitUntil,
      () => ({ ...this.#unanswered(reason), until: Math.ceil(startsAt) }),
    );
    return !this.gone;
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
    if (this.gone) return;
    const waiters = this.#waiters;
    this.#end();
    for (const waiter of waiters) waiter.reject(error);
  }

  #answer(whom: (waiter: Waiter) => boolean, what: () => CellResult): void {
    if (!this.#waiters.some(whom)) return;
    const done = this.#waiters.filter(whom);
    const result = what();
    if (done.length === this.#waiters.length) this.#end();
    else this.#waiters = this.#waiters.filter((waiter) => !whom(waiter));
    for (const waiter of done) waiter.resolve(result);
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

import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';
import { WakeQueue } from './wake-queue.js';

/** Entries that are queued again once their time has come. */
export interface Later<E extends Entry> {
  readonly key: LimitKey<E>;
  readonly entries: readonly E[];
}

/** Keys that are looked at again, and entries that are queued again, at a time. */
export class Sleepers<E extends Entry> {
  readonly #keys = new WakeQueue<LimitKey<E>>();
  readonly #later = new WakeQueue<Later<E>>();

  /** When the next of them wakes; Infinity where none sleeps. */
  get earliest(): number {
    return Math.min(this.#keys.earliest ?? Infinity, this.#later.earliest ?? Infinity);
  }

  sleep(key: LimitKey<E>, until: number): void {
    if (until === Infinity || (key.wakeAt > 0 && key.wakeAt <= until)) return;
    key.wakeAt = until;
    this.#keys.add(until, key);
  }

  putOff(later: Later<E>, at: number): void {
    this.#later.add(at, later);
  }

  /** Hands over all whose time has come. */
  wake(now: number, entries: (later: Later<E>) => void, key: (key: LimitKey<E>) => void): void {
    for (let due = this.#later.takeDue(now); due; due = this.#later.takeDue(now)) entries(due);
    for (let due = this.#keys.takeDue(now); due; due = this.#keys.takeDue(now)) {
      due.wakeAt = 0;
      key(due);
    }
  }
}

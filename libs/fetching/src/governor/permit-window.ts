import type { LimitWindow } from '@assay/providers';
import type { Permits } from './permits.js';

interface Spent {
  /** When the slot began, and when its last permit was spent. */
  readonly from: number;
  at: number;
  count: number;
}

/** Permits spent close together share a slot, so that a window of a million permits stays small. */
const SLOTS = 256;
/** Calls sent a window apart may arrive closer together: room for that. */
const MARGIN = 0.02;
const MAX_MARGIN_MS = 100;

/**
 * At most `permits` in any stretch of `perMs`. Exact, where a bucket that refills would let twice as
 * many through in its first window. The time is passed in.
 */
export class PermitWindow implements Permits {
  readonly #spent: Spent[] = [];
  #head = 0;
  #used = 0;
  readonly #permits: number;
  readonly #spanMs: number;
  readonly #slotMs: number;

  constructor(window: LimitWindow, factor = 1) {
    this.#permits = Math.max(1, Math.floor(window.permits * factor));
    this.#spanMs = window.perMs + Math.min(MAX_MARGIN_MS, window.perMs * MARGIN);
    this.#slotMs = this.#permits > SLOTS ? window.perMs / SLOTS : 0;
  }

  /** Spends permits now. What is more than a whole window holds is booked on the windows after it. */
  take(count: number, now: number): void {
    this.#forget(now);
    let at = now;
    let left = count;
    for (; left > this.#permits; left -= this.#permits, at += this.#spanMs) this.#book(this.#permits, at);
    this.#book(left, at);
  }

  /** Milliseconds until one more call of `count` permits may start; one that needs a whole window waits for an empty one. */
  waitToStart(count: number, now: number): number {
    this.#forget(now);
    return this.#waitForFew(Math.min(count, this.#permits), now);
  }

  /** Milliseconds until the last of `count` queued permits is there. */
  waitFor(count: number, now: number): number {
    this.#forget(now);
    const rounds = Math.max(0, Math.ceil(count / this.#permits) - 1);
    return rounds * this.#spanMs + this.#waitForFew(count - rounds * this.#permits, now);
  }

  left(now: number): number {
    this.#forget(now);
    return Math.max(0, 1 - this.#used / this.#permits);
  }

  /** True while no permit is out: forgetting this window loses nothing. */
  idle(now: number): boolean {
    this.#forget(now);
    return this.#used === 0;
  }

  #book(count: number, at: number): void {
    const last = this.#head < this.#spent.length ? this.#spent[this.#spent.length - 1] : undefined;
    if (last && at - last.from < this.#slotMs) {
      // The later time stands for the whole slot: permits come back late, never early.
      last.count += count;
      last.at = Math.max(last.at, at);
    } else this.#spent.push({ from: at, at, count });
    this.#used += count;
  }

  #waitForFew(count: number, now: number): number {
    let missing = this.#used + count - this.#permits;
    for (let i = this.#head; missing > 0 && i < this.#spent.length; i++) {
      const spent = this.#spent[i]!;
      missing -= spent.count;
      if (missing <= 0) return Math.max(0, spent.at + this.#spanMs - now);
    }
    return 0;
  }

  #forget(now: number): void {
    const oldest = now - this.#spanMs;
    while (this.#head < this.#spent.length && this.#spent[this.#head]!.at <= oldest)
      this.#used -= this.#spent[this.#head++]!.count;
    if (this.#head > 64 && this.#head * 2 > this.#spent.length) {
      this.#spent.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

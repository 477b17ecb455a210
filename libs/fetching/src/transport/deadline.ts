/** The last leg of a deadline: what arrived before it is read before it ends. */
export const LAST_LEG_MS = 200;
/** A last leg that ends so late was itself met by a standstill, and is run once more. */
const STOOD_STILL_MS = 50;

/**
 * Calls `expired` once, after `ms`; later only where this process stood still (was stopped, swapped out, blocked), and then
 * at most two last legs after it woke. A turn of the event loop begins with timers and comes to sockets afterwards: with one
 * timer a bought answer that came during the standstill would be lost as a timeout of its provider.
 */
export class Deadline {
  #timer: NodeJS.Timeout;

  constructor(
    ms: number,
    private readonly expired: () => void,
  ) {
    const leg = Math.min(LAST_LEG_MS, ms / 2);
    this.#timer = setTimeout(() => this.#lastLeg(leg, true), ms - leg);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  #lastLeg(ms: number, mayRepeat: boolean): void {
    const late = performance.now() + ms + STOOD_STILL_MS;
    this.#timer = setTimeout(() => {
      if (mayRepeat && performance.now() > late) this.#lastLeg(ms, false);
      else this.expired();
    }, ms);
  }
}

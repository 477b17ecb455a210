/** The last leg of a deadline: a long reply that came while the process stood still is read in it, turn by turn. */
export const LAST_LEG_MS = 500;

/**
 * Calls `expired` once, after `ms` of at most 2^31; later only where this process stood still (was stopped, swapped out,
 * blocked), and then at most a last leg after it woke. A turn of the event loop begins with timers and comes to sockets
 * afterwards: with one timer a bought answer that came during the standstill would be lost as a timeout of its provider.
 */
export class Deadline {
  #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(
    ms: number,
    private readonly expired: () => void,
  ) {
    const last = Math.min(LAST_LEG_MS, ms / 2);
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => this.#afterSockets(), last);
    }, ms - last);
  }

  clear(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Whatever lies in them now is read before: the standstill may have been in the last leg. */
  #afterSockets(): void {
    setImmediate(() => {
      if (!this.#isOver) this.expired();
    });
  }
}

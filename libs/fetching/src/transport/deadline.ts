/** Of a timer: more than this and the process stood still (stopped, paged out, a blocked loop), not the other side. */
const STOOD_STILL_MS = 50;
/** For what arrived meanwhile to be read: timers come before sockets in the turn in which a process wakes. */
export const GRACE_MS = 500;

/**
 * Calls `expired` once after `ms`. Where the process itself stood still beyond that time it first reads for `GRACE_MS` what
 * came while it did: a bought answer that waits in the socket is no timeout of its provider.
 */
export class Deadline {
  #timer: NodeJS.Timeout;

  constructor(ms: number, expired: () => void) {
    const due = performance.now() + ms;
    this.#timer = setTimeout(() => {
      if (performance.now() - due < STOOD_STILL_MS) return expired();
      this.#timer = setTimeout(expired, GRACE_MS);
    }, ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

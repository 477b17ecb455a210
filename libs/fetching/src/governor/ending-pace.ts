/** Calls are counted over at least this long before their pace is judged. */
const PACE_OVER_MS = 50;

/** How fast calls end: so many places will be free soon that are taken now. */
export class EndingPace {
  #ended = 0;
  #since = 0;
  /** Calls that end in a millisecond, by what was seen before `#since`. */
  #pace = 0;

  ended(): void {
    this.#ended++;
  }

  /** How many calls may end within the next `ms`, on average: 1.5 is possible. */
  likely(ms: number, now: number): number {
    const over = now - this.#since;
    if (over >= PACE_OVER_MS) {
      const seen = this.#ended / over;
      this.#pace = this.#since === 0 ? 0 : (this.#pace + seen) / 2;
      this.#ended = 0;
      this.#since = now;
    }
    return this.#pace * ms;
  }
}

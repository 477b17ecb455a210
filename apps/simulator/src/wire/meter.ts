/** What is spent of one window of one limit key. Times are of the simulator's clock, in ms since 1970. */
export interface Meter {
  /** The most that may be spent in the window. */
  readonly permits: number;
  left(now: number): number;
  /** Milliseconds until this much could be spent; 0: now. What never fits is told to wait for a whole window. */
  waitFor(cost: number, now: number): number;
  /** Takes permits that `waitFor` said are there. */
  spend(cost: number, now: number): void;
  /** Milliseconds until there is more left than now; 0: nothing is spent. */
  nextBackMs(now: number): number;
}

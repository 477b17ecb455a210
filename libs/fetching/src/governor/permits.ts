/** Permits of one limit window. Time is passed in. */
export interface Permits {
  take(count: number, now: number): void;
  /** Milliseconds until one more call of `count` permits may start. */
  waitToStart(count: number, now: number): number;
  /** Milliseconds until the last of `count` queued permits is there. */
  waitFor(count: number, now: number): number;
  /** Share that is left, 0–1. */
  left(now: number): number;
  /** True while no permit is out: forgetting it loses nothing. */
  idle(now: number): boolean;
}

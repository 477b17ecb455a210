const WINDOW_MS = 300_000;
const MOST_REFUSALS = 50;
const CALLS_UNDER_PENALTY = 50;
const QUIET_MS = 30_000;

/**
 * Moz's penalty: after more than 50 answers of class 4xx in 5 minutes an account may make 50 calls
 * in 5 minutes, until 30 s have passed without another 4xx. Not widened by the limits factor.
 */
export class Penalty {
  private refusals: number[] = [];
  private calls: number[] = [];
  private active = false;

  /** May a call be made now? */
  admit(now: number): boolean {
    const last = this.refusals.at(-1);
    if (this.active && (last === undefined || now - last >= QUIET_MS)) this.lift();
    if (!this.active) return true;
    this.calls = this.calls.filter((at) => now - at < WINDOW_MS);
    if (this.calls.length >= CALLS_UNDER_PENALTY) return false;
    this.calls.push(now);
    return true;
  }

  answered(status: number, now: number): void {
    if (status < 400 || status > 499) return;
    this.refusals = this.refusals.filter((at) => now - at < WINDOW_MS);
    this.refusals.push(now);
    if (this.refusals.length > MOST_REFUSALS) this.active = true;
  }

  private lift(): void {
    this.active = false;
    this.refusals = [];
    this.calls = [];
  }
}

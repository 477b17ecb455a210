/** Retries a provider gets for each call: one in ten. */
const SHARE = 0.1;
/** What may be saved up. */
const MOST_SAVED = 20;
/** What there is at first, so that a handful of early failures is tried again. */
const SAVED_AT_FIRST = 10;

/**
 * Retries at most a tenth of a provider's calls, so that a provider in trouble is not asked up to four times as
 * often as a well one.
 */
export class RetryBudget {
  #saved = SAVED_AT_FIRST;

  /** A call was made that is no retry. */
  called(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + SHARE);
  }

  /** True where one more retry is allowed; it is counted. */
  take(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}

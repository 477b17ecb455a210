/** A list of a URL or two a second may be written while it is made; what comes slower holds a place for nothing. */
export const SLOWEST_BYTES_PER_S = 100;

/**
 * Whether a body comes fast enough, over each stretch of `overMs` spent waiting for it: time in which we ourselves did
 * not read does not count.
 */
export class BodyPace {
  private waitedMs = 0;
  private bytes = 0;

  constructor(private readonly overMs: number) {}

  /** So many bytes came after so long a wait. False where it is too slow. */
  keeps(waitedMs: number, bytes: number): boolean {
    this.waitedMs += waitedMs;
    this.bytes += bytes;
    if (this.waitedMs < this.overMs) return true;
    const fast = this.bytes >= (this.waitedMs / 1_000) * SLOWEST_BYTES_PER_S;
    this.waitedMs = 0;
    this.bytes = 0;
    return fast;
  }
}

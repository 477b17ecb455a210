/** Rows per second over the last half minute, from what was seen. Pure: times are handed in, in ms. */
export class Pace {
  private readonly seen: { at: number; final: number }[] = [];

  constructor(private readonly windowMs = 30_000) {}

  /** @returns rows per second; 0 while there is nothing to tell it from. */
  note(final: number, at: number): number {
    this.seen.push({ at, final });
    while (this.seen.length > 2 && at - (this.seen[0]?.at ?? at) > this.windowMs) this.seen.shift();
    const first = this.seen[0];
    if (!first || at - first.at < 1_000) return 0;
    return Math.max(0, ((final - first.final) / (at - first.at)) * 1_000);
  }
}

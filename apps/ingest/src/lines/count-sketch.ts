import { hash32, ROWS_PER_BUCKET } from '@assay/contracts';

/** 64 Ki counters, 256 KiB, however long the list: two names rarely share one, and then count together. */
const COUNTERS = 2 ** 16;

/** Counts names at fixed size. A count is never too low; where names share a counter it is too high. */
export class CountSketch {
  private readonly counters = new Int32Array(COUNTERS);

  /** How often this name was counted before. */
  next(name: string): number {
    const at = hash32(name) % COUNTERS;
    const before = this.counters[at]!;
    this.counters[at] = before + 1;
    return before;
  }
}

/** Decides where and when rows of one submission go, in one pass and in fixed memory. */
export class RowPlacer {
  private readonly domains = new CountSketch();
  private readonly hosts = new CountSketch();

  /** bucket: thousands of rows of this domain so far. turn: rows of this host so far, so that hosts interleave. */
  place(host: string, domain: string): { bucket: number; turn: number } {
    return {
      bucket: Math.floor(this.domains.next(domain) / ROWS_PER_BUCKET),
      turn: this.hosts.next(host),
    };
  }
}

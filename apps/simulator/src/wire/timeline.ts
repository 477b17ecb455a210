/** What came in within one second of the simulator's clock. */
export interface Second {
  /** Seconds since 1970. */
  readonly second: number;
  /** Calls that were let through, whatever they were answered. */
  readonly admitted: number;
  /** Calls that were told to come later. */
  readonly refused: number;
  /** Units of the calls that were let through. */
  readonly units: number;
}

const MOST_SECONDS = 3_600;

/** Calls by the second in which they came in: the last 3,600 seconds in which one did. */
export class Timeline {
  readonly #seconds = new Map<number, { admitted: number; refused: number; units: number }>();

  note(at: number, isRefused: boolean, units: number): void {
    const second = this.#at(Math.floor(at / 1_000));
    if (isRefused) second.refused += 1;
    else {
      second.admitted += 1;
      second.units += units;
    }
  }

  /** In the order of time; a second without a call is left out. */
  view(): Second[] {
    const seconds = [...this.#seconds].map(([second, noted]) => ({ second, ...noted }));
    return seconds.toSorted((a, b) => a.second - b.second);
  }

  #at(second: number) {
    const known = this.#seconds.get(second);
    if (known) return known;
    const fresh = { admitted: 0, refused: 0, units: 0 };
    this.#seconds.set(second, fresh);
    if (this.#seconds.size > MOST_SECONDS) this.#seconds.delete(this.#seconds.keys().next().value!);
    return fresh;
  }
}

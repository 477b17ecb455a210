interface Said {
  /** When this stretch began, in ms of any clock. */
  readonly since: number;
  readonly unsaid: number;
}

const STRETCH_MS = 10_000;
/** Failures that are told apart: their texts are constants of ours, and few errors hold ids. */
const MOST_FAILURES = 500;

/**
 * Holds back what is said again and again while a part is away: of one failure a line in 10 s. The next line
 * carries how many were not written.
 */
export class RepeatedLines {
  readonly #said = new Map<string, Said>();

  /** Undefined: not to be written. Else how many lines of this failure were held back before it. */
  says(failure: string, now: number): number | undefined {
    const said = this.#said.get(failure);
    if (said && now - said.since < STRETCH_MS) {
      this.#said.set(failure, { since: said.since, unsaid: said.unsaid + 1 });
      return undefined;
    }
    if (!said && this.#said.size >= MOST_FAILURES) this.#said.clear();
    this.#said.set(failure, { since: now, unsaid: 0 });
    return said?.unsaid ?? 0;
  }
}

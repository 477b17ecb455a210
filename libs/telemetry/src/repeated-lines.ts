interface Said {
  /** When this stretch began, in ms of any clock. */
  readonly since: number;
  readonly times: number;
  readonly unsaid: number;
}

/** Lines with one text within a stretch that are written; the rest is counted. */
const MOST = 5;
const STRETCH_MS = 10_000;
/** Texts that are told apart: they are constants of ours, ids stand in fields. */
const MOST_TEXTS = 500;

/**
 * Holds back what is said again and again while a part is away: of one text five lines in 10 s. The first line of
 * the next stretch carries how many were not written.
 */
export class RepeatedLines {
  readonly #said = new Map<string, Said>();

  /** Undefined: not to be written. Else how many lines of this text were held back before it. */
  says(text: string, now: number): number | undefined {
    const said = this.#said.get(text);
    if (!said || now - said.since >= STRETCH_MS) {
      if (!said && this.#said.size >= MOST_TEXTS) this.#said.clear();
      this.#said.set(text, { since: now, times: 1, unsaid: 0 });
      return said?.unsaid ?? 0;
    }
    const written = said.times < MOST;
    this.#said.set(text, {
      since: said.since,
      times: said.times + 1,
      unsaid: said.unsaid + (written ? 0 : 1),
    });
    return written ? 0 : undefined;
  }
}

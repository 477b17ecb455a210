/**
 * What one assignment of one topic-partition has handed out, and how far all of it is handled.
 * Offsets are handed out in rising order and end in any order. Holds the open ones only: its size is
 * what is in flight, however long the oldest takes.
 */
export class OffsetBook {
  /** A Set keeps the order of insertion, so its first entry is the lowest open offset. */
  readonly #open = new Set<number>();
  #position: number | undefined;
  #committed: number | undefined;

  /** The offset this assignment reads from, where nothing was read yet. */
  startAt(offset: number): void {
    this.#position ??= offset;
    this.#committed ??= offset;
  }

  /** False for an offset that was handed out before: a refetch after a rebalance. */
  begin(offset: number): boolean {
    if (!this.#moveTo(offset)) return false;
    this.#open.add(offset);
    return true;
  }

  /** Passes over an offset that needs no handling. */
  skip(offset: number): void {
    this.#moveTo(offset);
  }

  end(offset: number): void {
    this.#open.delete(offset);
  }

  /** The next offset after all that is handled; undefined until it is known where reading starts. */
  get processed(): number | undefined {
    for (const lowest of this.#open) return lowest;
    return this.#position;
  }

  /** The offset to commit, where there is something new. Tell `committed` when the broker has it. */
  due(): number | undefined {
    const { processed } = this;
    if (processed === undefined) return undefined;
    return this.#committed === undefined || processed > this.#committed ? processed : undefined;
  }

  committed(offset: number): void {
    if (this.#committed === undefined || offset > this.#committed) this.#committed = offset;
  }

  #moveTo(offset: number): boolean {
    // Nothing is refetched from before the last commit: here the log itself was made anew.
    if (this.#committed !== undefined && offset < this.#committed) this.#startOver(offset);
    if (this.#position !== undefined && offset < this.#position) return false;
    this.#position = offset + 1;
    return true;
  }

  #startOver(offset: number): void {
    this.#open.clear();
    this.#position = offset;
    this.#committed = undefined;
  }
}

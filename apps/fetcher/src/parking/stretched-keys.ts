/** Of further keys rows are told when their turn comes that it came too late. */
const MOST_KEYS = 5_000;

/**
 * Keys whose hosts ask for more than their limit says, as was heard when rows stood in their lines already: which lines were
 * moved apart, and where rows are left that do not fit their patience any more.
 */
export class StretchedKeys {
  readonly #steps = new Map<string, number>();
  readonly #overdue = new Set<string>();

  /** Keys where rows may be left that must be told. */
  get overdue(): string[] {
    return [...this.#overdue];
  }

  /** True where its line is to be moved apart; `moved` follows. */
  isNews(limitKey: string, stepMs: number): boolean {
    if (stepMs <= (this.#steps.get(limitKey) ?? 0)) return false;
    this.#steps.delete(limitKey);
    if (this.#steps.size >= MOST_KEYS) this.#steps.delete(this.#steps.keys().next().value!);
    this.#steps.set(limitKey, stepMs);
    return true;
  }

  moved(limitKey: string): void {
    this.#overdue.add(limitKey);
  }

  /** It could not be moved: to be tried again. */
  failed(limitKey: string): void {
    this.#steps.delete(limitKey);
  }

  /** None is left at these. */
  told(limitKeys: readonly string[]): void {
    for (const name of limitKeys) this.#overdue.delete(name);
  }
}

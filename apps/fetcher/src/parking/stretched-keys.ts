/** Of further keys rows are told when their turn comes that it came too late. */
const MOST_KEYS = 5_000;
/** Rows of a list that came later may have been parked before the host was heard again. */
const AGAIN_AFTER_MS = 60_000;

/**
 * Keys whose hosts ask for more than their limit says, as was heard when rows stood in their lines already: which lines were
 * moved apart, and where rows are left that do not fit their patience any more. Time is passed in.
 */
export class StretchedKeys {
  readonly #moved = new Map<string, { readonly stepMs: number; readonly at: number }>();
  readonly #overdue = new Set<string>();

  /** Keys where rows may be left that must be told. */
  get overdue(): string[] {
    return [...this.#overdue];
  }

  /** True where its line is to be moved apart now; `moved` or `failed` follows. */
  begin(limitKey: string, stepMs: number, now: number): boolean {
    const before = this.#moved.get(limitKey);
    if (stepMs === 0 || (before && stepMs <= before.stepMs && now < before.at + AGAIN_AFTER_MS)) return false;
    this.#moved.delete(limitKey);
    if (this.#moved.size >= MOST_KEYS) this.#moved.delete(this.#moved.keys().next().value!);
    this.#moved.set(limitKey, { stepMs, at: now });
    return true;
  }

  moved(limitKey: string): void {
    this.#overdue.add(limitKey);
  }

  /** It could not be moved: to be tried again. */
  failed(limitKey: string): void {
    this.#moved.delete(limitKey);
  }

  /** None is left at these. */
  told(limitKeys: readonly string[]): void {
    for (const name of limitKeys) this.#overdue.delete(name);
  }
}

/** So many limit keys have so many units each; `name` is one of them. */
export interface KeySize {
  readonly units: number;
  readonly keys: number;
  readonly name: string;
}

/** Keys whose units may still be added to: 300,000 hosts come one after the other. */
const MOST_OPEN = 20_000;

/** Counts units by limit key at fixed memory: sizes are kept, names only of keys that were met lately. */
export class KeySizes {
  readonly #open = new Map<string, number>();
  readonly #closed = new Map<number, { keys: number; name: string }>();

  add(name: string, units: number): void {
    if (units <= 0) return;
    const before = this.#open.get(name) ?? 0;
    this.#open.set(name, before + units);
    if (this.#open.size > MOST_OPEN) this.#close(this.#open.entries().next().value!);
  }

  /** Largest first. */
  sizes(): KeySize[] {
    for (const entry of [...this.#open]) this.#close(entry);
    return [...this.#closed]
      .map(([units, { keys, name }]) => ({ units, keys, name }))
      .sort((a, b) => b.units - a.units);
  }

  #close([name, units]: [string, number]): void {
    this.#open.delete(name);
    const same = this.#closed.get(units);
    if (same) same.keys += 1;
    else this.#closed.set(units, { keys: 1, name });
  }
}

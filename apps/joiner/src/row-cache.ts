import type { StoredRow } from './sweep-time.js';

/**
 * The last state of rows in flight as this process wrote them: saves reading them back. May be stale
 * after a rebalance; the revision guard of the write finds that out. About 2 KB a row.
 */
export class RowCache {
  readonly #rows = new Map<string, StoredRow>();

  constructor(private readonly capacity: number) {}

  get(key: string): StoredRow | undefined {
    return this.#rows.get(key);
  }

  /** Final rows are not kept: hardly anything comes for them. */
  set(key: string, row: StoredRow): void {
    this.#rows.delete(key);
    if (row.state.final) return;
    this.#rows.set(key, row);
    if (this.#rows.size > this.capacity) this.#rows.delete(this.#rows.keys().next().value!);
  }

  delete(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }
}

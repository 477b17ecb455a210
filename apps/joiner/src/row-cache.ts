import type { StoredRow } from './sweep-time.js';

/** Objects and names around the texts of a row with six asks. */
const ROW_BYTES = 2_000;

export interface RowCacheBounds {
  readonly rows: number;
  /** Of memory, about: a row with URLs of 8 KB weighs as much as 20 usual ones. */
  readonly bytes: number;
}

/**
 * The last state of rows in flight as this process wrote them: saves reading them back. May be stale
 * after a rebalance; the revision guard of the write finds that out. About 2 KB a row. Where it is full
 * the row that was written longest ago is read from the table next time.
 */
export class RowCache {
  readonly #rows = new Map<string, { readonly row: StoredRow; readonly bytes: number }>();
  #bytes = 0;

  constructor(readonly bounds: RowCacheBounds) {}

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): StoredRow | undefined {
    return this.#rows.get(key)?.row;
  }

  /** Final rows are not kept: hardly anything comes for them. */
  set(key: string, row: StoredRow): void {
    this.delete(key);
    if (row.state.final) return;
    const bytes = sizeOf(row);
    this.#rows.set(key, { row, bytes });
    this.#bytes += bytes;
    while (this.#rows.size > this.bounds.rows || this.#bytes > this.bounds.bytes)
      this.delete(this.#rows.keys().next().value!);
  }

  delete(key: string): void {
    const known = this.#rows.get(key);
    if (!known) return;
    this.#rows.delete(key);
    this.#bytes -= known.bytes;
  }

  clear(): void {
    this.#rows.clear();
    this.#bytes = 0;
  }
}

/** Texts that a user or a page makes long: URLs, and what was found in pages. A character counts one byte. */
function sizeOf({ state: { row, facts, emitted } }: StoredRow): number {
  let bytes = ROW_BYTES + (row ? row.url.length + row.host.length + row.domain.length : 0);
  for (const ask in facts) bytes += JSON.stringify(facts[ask]!.facts).length;
  for (const ask in emitted) bytes += emitted[ask]!.unit.length;
  return bytes;
}

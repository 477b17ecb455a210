import { LANES, type Lane } from '@assay/contracts';
import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';

/** Keys at which somebody waits and that are to be looked at, each once a lane, in the order they came. */
export class ReadyKeys<E extends Entry> {
  readonly #keys: Readonly<Record<Lane, LimitKey<E>[]>> = { express: [], bulk: [] };

  has(lane: Lane): boolean {
    return this.#keys[lane].length > 0;
  }

  /** Where nobody waits at the key, it is not listed. */
  list(key: LimitKey<E>): void {
    for (const lane of LANES) {
      if (key.listed[lane] || !key.queues[lane].first) continue;
      key.listed[lane] = true;
      this.#keys[lane].push(key);
    }
  }

  /** `has` said that there is one. */
  next(lane: Lane): LimitKey<E> {
    const key = this.#keys[lane].shift()!;
    key.listed[lane] = false;
    return key;
  }
}

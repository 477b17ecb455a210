import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';
import { WakeQueue } from './wake-queue.js';

/** Keys at which bulk needs a permit, each once. Whose permit ran out unused has kept its place in the line. */
export class PermitLine<E extends Entry> {
  readonly #keys = new Set<LimitKey<E>>();
  readonly #order = new WakeQueue<LimitKey<E>>();
  /** Of keys that wait, or had a permit and have not started since. */
  readonly #numbers = new WeakMap<LimitKey<E>, number>();
  #next = 0;

  get size(): number {
    return this.#keys.size;
  }

  add(key: LimitKey<E>): void {
    if (this.#keys.has(key)) return;
    const number = this.#numbers.get(key) ?? this.#next++;
    this.#numbers.set(key, number);
    this.#keys.add(key);
    this.#order.add(number, key);
  }

  /** Takes out the first, where there is room for one. */
  first(room: number): LimitKey<E> | undefined {
    if (room < 1) return undefined;
    const key = this.#order.takeDue(Infinity);
    if (key) this.#keys.delete(key);
    return key;
  }

  /** It stands at the end next time. */
  started(key: LimitKey<E>): void {
    this.#numbers.delete(key);
  }
}

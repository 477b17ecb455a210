import type { Meter } from './meter.js';

/** A window of more permits than this keeps them together by slots: so much memory at most, however wide it is. */
const MOST_SLOTS = 1_024;

/** Permits that were spent close to each other and come back together, when the last of them is due. */
interface Slot {
  readonly from: number;
  until: number;
  spent: number;
}

/**
 * At most `permits` in any stretch of `perMs`. Each permit comes back `perMs` after it was spent, to the millisecond up
 * to 1,024 permits or 1,024 ms; beyond that up to `perMs` / 1,024 later, never earlier.
 */
export class RollingWindow implements Meter {
  #slots: Slot[] = [];
  #first = 0;
  #spent = 0;
  readonly #slotMs: number;

  constructor(
    readonly permits: number,
    private readonly perMs: number,
  ) {
    this.#slotMs = permits > MOST_SLOTS ? Math.ceil(perMs / MOST_SLOTS) : 1;
  }

  /** Slots in memory: for tests. */
  get slots(): number {
    return this.#slots.length - this.#first;
  }

  left(now: number): number {
    this.#release(now);
    return this.permits - this.#spent;
  }

  waitFor(cost: number, now: number): number {
    let missing = cost - this.left(now);
    if (missing <= 0) return 0;
    for (let at = this.#first; at < this.#slots.length; at++) {
      const { spent, until } = this.#slots[at]!;
      missing -= spent;
      if (missing <= 0) return until - now;
    }
    return this.perMs;
  }

  spend(cost: number, now: number): void {
    if (cost === 0) return;
    this.#release(now);
    const last = this.#slots.at(-1);
    // A machine's clock may be set back: permits then come back in the order in which they were spent.
    const at = last ? Math.max(now, last.until - this.perMs) : now;
    this.#spent += cost;
    if (last && this.slots > 0 && at - last.from < this.#slotMs) {
      last.until = at + this.perMs;
      last.spent += cost;
    } else this.#slots.push({ from: at, until: at + this.perMs, spent: cost });
  }

  nextBackMs(now: number): number {
    this.#release(now);
    const next = this.#slots[this.#first];
    return next ? next.until - now : 0;
  }

  #release(now: number): void {
    while (this.#first < this.#slots.length && this.#slots[this.#first]!.until <= now) {
      this.#spent -= this.#slots[this.#first]!.spent;
      this.#first += 1;
    }
    if (this.#first === 0 || (this.#first < MOST_SLOTS && this.slots > 0)) return;
    this.#slots = this.#slots.slice(this.#first);
    this.#first = 0;
  }
}

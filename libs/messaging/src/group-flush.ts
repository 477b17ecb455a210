import { isGivenUp } from './refusals.js';

export interface GroupFlushSettings<T> {
  /** Most items of one flush. */
  readonly maxItems: number;
  /** Longest wait for company before a flush that is not full. Default 0: at once. */
  readonly maxWaitMs?: number;
  /** Flushes in flight at a time. Default 1. */
  readonly concurrency?: number;
  flush(items: T[]): Promise<void>;
}

interface Waiting<T> {
  readonly item: T;
  /** Of `performance.now()`. */
  readonly since: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit: everything that waits goes into one flush. While one is in flight the next gathers,
 * so the load itself decides how large a flush is; with `maxWaitMs` the oldest also waits that long for
 * company, since items that belong together (the cells of a row) arrive one after the other.
 *
 * A flush that gives up (`GiveUp`, `MessageTooLarge`) does so over one of its items: it is done again in halves, and
 * only that item fails. So what is flushed must bear to be flushed again.
 */
export class GroupFlush<T> {
  #waiting: Waiting<T>[] = [];
  #inFlight = 0;
  /** Those of the flushes in flight, the oldest first, until each is told. */
  readonly #flushed = new Set<Waiting<T>>();
  #slowestMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(private readonly settings: GroupFlushSettings<T>) {}

  /** Items that wait for a flush. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Items that wait or are in flight. */
  get held(): number {
    return this.#waiting.length + this.#flushed.size;
  }

  /**
   * The longest way of an item from `add` to the end of its flush, in ms, since this was asked last; one still on its
   * way counts as far as it is. Undefined where nothing was flushed.
   */
  takeSlowestMs(): number | undefined {
    const now = performance.now();
    const { value: oldest = this.#waiting[0] } = this.#flushed.values().next();
    const slowest = Math.max(this.#slowestMs ?? -1, oldest ? now - oldest.since : -1);
    this.#slowestMs = undefined;
    return slowest < 0 ? undefined : slowest;
  }

  /** Resolves or rejects with the flush that this item goes into. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, since: performance.now(), resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#waiting.length >= this.settings.maxItems || !this.settings.maxWaitMs) this.#flushSoon();
    else if (this.#waiting.length === 1) this.#wakeAfter(this.settings.maxWaitMs);
  }

  /** After the callers of this turn of the loop have added theirs. */
  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #wakeAfter(delayMs: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#drain();
    }, delayMs);
  }

  #drain(): void {
    const { maxItems, concurrency = 1 } = this.settings;
    while (this.#waiting.length > 0 && this.#inFlight < concurrency) {
      const rest = this.#restOfWait();
      if (rest > 0) return this.#wakeAfter(rest);
      void this.#flush(this.#waiting.splice(0, maxItems));
    }
  }

  /** How long the oldest item still waits for company; a full group waits no more. */
  #restOfWait(): number {
    const { maxItems, maxWaitMs = 0 } = this.settings;
    if (maxWaitMs === 0 || this.#waiting.length >= maxItems) return 0;
    // A timer may fire up to a millisecond early.
    const rest = maxWaitMs - (performance.now() - this.#waiting[0]!.since);
    return rest < 1 ? 0 : rest;
  }

  async #flush(group: Waiting<T>[]): Promise<void> {
    this.#inFlight++;
    for (const one of group) this.#flushed.add(one);
    await this.#settle(group);
    this.#inFlight--;
    this.#drain();
  }

  /** Never rejects: each item is told. */
  async #settle(group: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.settings.flush(group.map(({ item }) => item));
      this.#ended(group);
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1 || !isGivenUp(error)) {
        this.#ended(group);
        return group.forEach(({ reject }) => reject(error));
      }
      const half = Math.ceil(group.length / 2);
      await this.#settle(group.slice(0, half));
      await this.#settle(group.slice(half));
    }
  }

  #ended(group: readonly Waiting<T>[]): void {
    for (const one of group) this.#flushed.delete(one);
    this.#slowestMs = Math.max(this.#slowestMs ?? 0, performance.now() - group[0]!.since);
  }
}

export function createGroupFlush<T>(settings: GroupFlushSettings<T>): GroupFlush<T> {
  return new GroupFlush(settings);
}

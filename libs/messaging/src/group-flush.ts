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
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit: everything that waits goes into one flush. While one is in flight the next gathers,
 * so the load itself decides how large a flush is.
 */
export class GroupFlush<T> {
  #waiting: Waiting<T>[] = [];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(private readonly settings: GroupFlushSettings<T>) {}

  /** Items that wait for a flush. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves or rejects with the flush that this item goes into. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#waiting.length >= this.settings.maxItems || !this.settings.maxWaitMs) this.#flushSoon();
    else this.#timer ??= setTimeout(() => this.#onTimer(), this.settings.maxWaitMs);
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#drain(true);
  }

  /** After the callers of this turn of the loop have added theirs. */
  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain(false);
    });
  }

  #drain(due: boolean): void {
    const { maxItems, maxWaitMs, concurrency = 1 } = this.settings;
    while (this.#waiting.length > 0 && this.#inFlight < concurrency) {
      if (maxWaitMs && !due && this.#waiting.length < maxItems) break;
      void this.#flush(this.#waiting.splice(0, maxItems));
    }
    if (this.#waiting.length === 0 && this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  async #flush(group: Waiting<T>[]): Promise<void> {
    this.#inFlight++;
    try {
      await this.settings.flush(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.#inFlight--;
      // What gathered while this flush was in flight has waited long enough.
      this.#drain(true);
    }
  }
}

export function createGroupFlush<T>(settings: GroupFlushSettings<T>): GroupFlush<T> {
  return new GroupFlush(settings);
}

/** A record on its way out, already encoded. */
export interface OutRecord {
  readonly topic: string;
  readonly partition: number;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer | (string | Buffer)[]>>;
  /** Upper estimate of its size on the wire. */
  readonly bytes: number;
}

export interface SendQueueSettings {
  /** Sends one request; resolves when it is acknowledged. */
  send(records: OutRecord[]): Promise<void>;
  readonly maxRequestBytes: number;
  readonly maxRequestRecords: number;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  /** Bytes that may wait; more callers are held back. */
  readonly maxQueuedBytes: number;
}

interface Queued {
  readonly record: OutRecord;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Natural batching: a request takes what gathered while the others were in flight. An idle queue
 * sends at once, a busy one in large requests, and nothing lingers.
 */
export class SendQueue {
  #queue: Queued[] = [];
  #head = 0;
  #queuedBytes = 0;
  #inFlight = 0;
  #scheduled = false;
  #heldBack: (() => void)[] = [];
  #onIdle: (() => void)[] = [];

  constructor(private readonly settings: SendQueueSettings) {}

  /** Undefined where there is room; else resolves when there is. Ask again afterwards. */
  room(): Promise<void> | undefined {
    if (this.#queuedBytes < this.settings.maxQueuedBytes) return undefined;
    return new Promise((resolve) => this.#heldBack.push(resolve));
  }

  /** Resolves when the record's request is acknowledged. */
  add(record: OutRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, resolve, reject });
      this.#queuedBytes += record.bytes;
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#inFlight === 0 && this.#head === this.#queue.length && this.#heldBack.length === 0;
  }

  /** At the end of this turn of the event loop, so that all that it publishes goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.settings.concurrency) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < this.settings.concurrency && this.#head < this.#queue.length)
      void this.#send(this.#take());
    if (this.#isIdle()) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #take(): Queued[] {
    const { maxRequestBytes, maxRequestRecords } = this.settings;
    const start = this.#head;
    let bytes = 0;
    while (this.#head < this.#queue.length && this.#head - start < maxRequestRecords) {
      const size = this.#queue[this.#head]!.record.bytes;
      if (this.#head > start && bytes + size > maxRequestBytes) break;
      bytes += size;
      this.#head++;
    }
    const batch = this.#queue.slice(start, this.#head);
    this.#forgetTaken();
    this.#queuedBytes -= bytes;
    return batch;
  }

  #forgetTaken(): void {
    if (this.#head < 1_024 && this.#head < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  async #send(batch: Queued[]): Promise<void> {
    this.#inFlight++;
    try {
      await this.settings.send(batch.map(({ record }) => record));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#inFlight--;
      if (this.#queuedBytes < this.settings.maxQueuedBytes)
        for (const resolve of this.#heldBack.splice(0)) resolve();
      this.#schedule();
    }
  }
}

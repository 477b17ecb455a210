export interface LaneWindowSettings<T> {
  /** Most entries in work at a time. */
  readonly inFlight: number;
  /** Bytes of what is in work that let no more begin: a message of 100 cells weighs as much as 50 of one row. Default: any. */
  readonly inFlightBytes?: number;
  /** Bytes that may wait before `onFull`; `onRoom` follows below half of it. */
  readonly waitingBytes: number;
  /** Works on one entry; never rejects. */
  work(entry: T): Promise<void>;
  onFull(): void;
  onRoom(): void;
}

/** A turn of the event loop starts no more than this many, so that timers and sockets are served between. */
const STARTS_PER_TURN = 256;

/**
 * Bounded work on one lane. Accepts what was fetched at once and never holds up its giver; says when
 * to stop giving. What waits covers the time that a paused fetch needs to come back (100 ms).
 */
export class LaneWindow<T extends { readonly bytes: number }> {
  #waiting: T[] = [];
  #head = 0;
  #waitingBytes = 0;
  #inFlight = 0;
  #inFlightBytes = 0;
  #full = false;
  #scheduled = false;
  #stopped = false;
  #onIdle: (() => void)[] = [];

  constructor(private readonly settings: LaneWindowSettings<T>) {}

  get full(): boolean {
    return this.#full;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Of what is in work. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** Of what was accepted and not started. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Entries that were accepted and not started. */
  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  accept(entries: readonly T[]): void {
    if (this.#stopped) return;
    for (const entry of entries) {
      this.#waiting.push(entry);
      this.#waitingBytes += entry.bytes;
    }
    this.#start();
    if (!this.#full && this.#waitingBytes >= this.settings.waitingBytes) {
      this.#full = true;
      this.settings.onFull();
    }
  }

  /** Forgets what waits and does not hold any more. */
  keep(holds: (entry: T) => boolean): void {
    this.#waiting = this.#waiting.slice(this.#head).filter(holds);
    this.#head = 0;
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#sayRoom();
  }

  /** Starts nothing more; resolves when what is in work has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.keep(() => false);
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #start(): void {
    let starts = 0;
    while (this.#mayStart && this.#head < this.#waiting.length) {
      if (++starts > STARTS_PER_TURN) return this.#startSoon();
      void this.#work(this.#take());
    }
    this.#sayRoom();
  }

  get #mayStart(): boolean {
    const { inFlight, inFlightBytes = Infinity } = this.settings;
    return this.#inFlight < inFlight && this.#inFlightBytes < inFlightBytes;
  }

  #startSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #take(): T {
    const entry = this.#waiting[this.#head++]!;
    this.#waitingBytes -= entry.bytes;
    if (this.#head >= 1_024 || this.#head === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  async #work(entry: T): Promise<void> {
    this.#inFlight++;
    this.#inFlightBytes += entry.bytes;
    await this.settings.work(entry);
    this.#inFlight--;
    this.#inFlightBytes -= entry.bytes;
    if (this.#head < this.#waiting.length) this.#startSoon();
    else if (this.#inFlight === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #sayRoom(): void {
    if (!this.#full || this.#waitingBytes > this.settings.waitingBytes / 2) return;
    this.#full = false;
    this.settings.onRoom();
  }
}

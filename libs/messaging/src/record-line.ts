/** A record on its way out, already encoded. */
export interface OutRecord {
  readonly topic: string;
  readonly partition: number;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string | Buffer | (string | Buffer)[]>>;
  /** Upper estimate of its size on the wire. */
  readonly bytes: number;
}

export interface Queued {
  readonly record: OutRecord;
  resolve(): void;
  reject(error: unknown): void;
}

/** Records in the order they came, taken from the front in pieces. */
export class RecordLine {
  #queue: Queued[] = [];
  #head = 0;
  #bytes = 0;

  /** Of what waits. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#head === this.#queue.length;
  }

  push(queued: Queued): void {
    this.#queue.push(queued);
    this.#bytes += queued.record.bytes;
  }

  /** As many as fit, at least one. */
  take(maxRecords: number, maxBytes: number): Queued[] {
    const start = this.#head;
    let bytes = 0;
    while (this.#head < this.#queue.length && this.#head - start < maxRecords) {
      const size = this.#queue[this.#head]!.record.bytes;
      if (this.#head > start && bytes + size > maxBytes) break;
      bytes += size;
      this.#head++;
    }
    const batch = this.#queue.slice(start, this.#head);
    this.#forgetTaken();
    this.#bytes -= bytes;
    return batch;
  }

  #forgetTaken(): void {
    if (this.#head < 1_024 && this.#head < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }
}

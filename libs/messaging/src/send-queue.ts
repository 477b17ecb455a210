import { LANES, parseTopic, type Lane } from '@assay/contracts';
import { RecordLine, type OutRecord, type Queued } from './record-line.js';

export type { OutRecord } from './record-line.js';

export interface SendQueueSettings {
  /** Sends one request; resolves when it is acknowledged. */
  send(records: OutRecord[]): Promise<void>;
  readonly maxRequestBytes: number;
  readonly maxRequestRecords: number;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  /** Bytes of one lane that may wait; more callers are held back. */
  readonly maxQueuedBytes: number;
}

/**
 * Natural batching: a request takes what gathered while the others were in flight. An idle queue
 * sends at once, a busy one in large requests, and nothing lingers. Express goes in requests of its
 * own, in turn with bulk: it waits for no more than one large request, however much of bulk is queued.
 */
export class SendQueue {
  readonly #lanes: Readonly<Record<Lane, RecordLine>> = { express: new RecordLine(), bulk: new RecordLine() };
  #turn: Lane = 'express';
  #inFlight = 0;
  #scheduled = false;
  #heldBack: (() => void)[] = [];
  #onIdle: (() => void)[] = [];

  constructor(private readonly settings: SendQueueSettings) {}

  /** Bytes of a lane that wait. */
  bytes(lane: Lane): number {
    return this.#lanes[lane].bytes;
  }

  /** Undefined where there is room; else resolves when there is. Ask again afterwards. */
  room(lane: Lane = 'bulk'): Promise<void> | undefined {
    if (this.#hasRoom(lane)) return undefined;
    return new Promise((resolve) => this.#heldBack.push(resolve));
  }

  /** Resolves when the record's request is acknowledged. */
  add(record: OutRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const lane = parseTopic(record.topic)?.lane ?? 'bulk';
      this.#lanes[lane].push({ record, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#inFlight === 0 && this.#isEmpty() && this.#heldBack.length === 0;
  }

  #hasRoom(lane: Lane): boolean {
    return this.#lanes[lane].bytes < this.settings.maxQueuedBytes;
  }

  #isEmpty(): boolean {
    return this.#lanes.express.empty && this.#lanes.bulk.empty;
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
    while (this.#inFlight < this.settings.concurrency && !this.#isEmpty()) void this.#send(this.#take());
    if (this.#isIdle()) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #take(): Queued[] {
    const other = this.#turn === 'express' ? 'bulk' : 'express';
    const lane = this.#lanes[this.#turn].empty ? other : this.#turn;
    this.#turn = lane === 'express' ? 'bulk' : 'express';
    return this.#lanes[lane].take(this.settings.maxRequestRecords, this.settings.maxRequestBytes);
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
      if (LANES.some((lane) => this.#hasRoom(lane)))
        for (const resolve of this.#heldBack.splice(0)) resolve();
      this.#schedule();
    }
  }
}

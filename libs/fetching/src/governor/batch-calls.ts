import type { GovernorSettings } from './governor-settings.js';
import type { Entry } from './entry-queue.js';

type Given = Pick<GovernorSettings<Entry>, 'batch' | 'callsPerBatch' | 'callsInAll'>;

/** Calls that a batch pays for when it starts, as the last one took them, and what waits are reckoned by. */
export class BatchCalls {
  readonly #size: number;
  readonly #least: number;
  readonly #inAll: number;
  #paid: number;

  constructor({ batch, callsPerBatch = 1, callsInAll = 1 }: Given) {
    this.#size = batch.size;
    this.#least = callsPerBatch;
    this.#inAll = callsInAll;
    this.#paid = callsPerBatch;
  }

  /** What the next batch pays for. */
  get paid(): number {
    return this.#paid;
  }

  /** What so many units will have taken in the end, in full batches. */
  of(units: number): number {
    return Math.ceil(units / this.#size) * Math.max(this.#paid, this.#inAll);
  }

  /** A batch took so many, and had paid for `paid`. Returns what it owes; later ones pay for as many. */
  took(calls: number, paid = this.#paid): number {
    this.#paid = Math.max(this.#least, calls);
    return Math.max(0, calls - paid);
  }
}

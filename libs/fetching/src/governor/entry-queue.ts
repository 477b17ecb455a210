import type { Lane, SkipReason } from '@assay/contracts';

/** Something that waits for a permit and a place: one question, or one step of a conversation. */
export interface Entry {
  lane: Lane;
  readonly arrivedAt: number;
  /** Units it pays for. */
  readonly units: number;
  /** Starts by itself, never in a batch. */
  readonly alone: boolean;
  /** Entries of one group are called together and without others (halves of a refused batch). */
  readonly group?: object | undefined;
  /** Counted in a queue now. Kept by the queue. */
  queued: boolean;
  /** Answered without a start: it never starts any more. */
  gone: boolean;
  /** Told when it is expected to start. False: it does not wait that long, and has been answered. */
  waits(startsAt: number, reason: SkipReason): boolean;
}

/** So many that gave up may stand in a line before it is looked whether they are half of it. */
const MANY_GAVE_UP = 1_024;

/** First in, first out, with a way back to the front for what is tried again. Steps over what gave up. */
export class EntryQueue<E extends Entry> {
  #givenUp = 0;
  #items: (E | undefined)[] = [];
  #head = 0;
  #units = 0;

  /** Units that wait. */
  get units(): number {
    return this.#units;
  }

  get first(): E | undefined {
    for (let entry = this.#items[this.#head]; entry; entry = this.#items[this.#head]) {
      if (entry.queued && !entry.gone) return entry;
      this.#discount(entry);
      this.#drop();
    }
    return undefined;
  }

  push(entry: E): void {
    this.#items.push(entry);
    this.#count(entry);
  }

  pushFront(entry: E): void {
    if (this.#head > 0) this.#items[--this.#head] = entry;
    else this.#items.unshift(entry);
    this.#count(entry);
  }

  shift(): E | undefined {
    const entry = this.first;
    if (!entry) return undefined;
    this.#drop();
    this.#discount(entry);
    return entry;
  }

  /** Counts an entry out; the queue steps over it when it comes to its place, or drops it where half of it are such. */
  giveUp(entry: E): void {
    if (!entry.queued) return;
    this.#discount(entry);
    if (++this.#givenUp >= MANY_GAVE_UP && this.#givenUp * 2 >= this.length) this.#closeRanks();
  }

  /** Places, those of entries that gave up included. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Takes an entry out of its place, so that it may be queued elsewhere. */
  remove(entry: E): void {
    const place = this.#items.indexOf(entry, this.#head);
    if (place < 0) return;
    this.#items.splice(place, 1);
    this.#discount(entry);
  }

  *[Symbol.iterator](): Generator<E> {
    for (let i = this.#head; i < this.#items.length; i++) {
      const entry = this.#items[i];
      if (entry?.queued && !entry.gone) yield entry;
    }
  }

  #closeRanks(): void {
    const left = [...this];
    for (const entry of this.#items) if (entry?.gone) this.#discount(entry);
    this.#items = left;
    this.#head = 0;
    this.#givenUp = 0;
  }

  #count(entry: E): void {
    entry.queued = true;
    this.#units += entry.units;
  }

  #discount(entry: E): void {
    if (!entry.queued) return;
    entry.queued = false;
    this.#units -= entry.units;
  }

  #drop(): void {
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

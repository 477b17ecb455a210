import { OffsetBook } from './offset-book.js';

export type Assignment = Readonly<Record<string, readonly number[]>>;

export interface DueCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly book: OffsetBook;
}

/**
 * The offset books of the partitions that are owned now. A book belongs to one ownership: work that
 * ends after its partition went away writes into a book that nobody reads, and can commit nothing.
 */
export class PartitionBooks {
  #books = new Map<string, Map<number, OffsetBook>>();

  get(topic: string, partition: number): OffsetBook | undefined {
    return this.#books.get(topic)?.get(partition);
  }

  /**
   * Takes over a new assignment. With `unbroken` ownership (nobody else can have had these partitions
   * in between) a kept partition keeps its book, so that what is in flight is not handled twice.
   * @returns partitions that start anew.
   */
  assign(assignment: Assignment, unbroken: boolean): { topic: string; partition: number }[] {
    const former = this.#books;
    const fresh: { topic: string; partition: number }[] = [];
    this.#books = new Map();
    for (const [topic, partitions] of Object.entries(assignment)) {
      const books = new Map<number, OffsetBook>();
      for (const partition of partitions) {
        const kept = unbroken ? former.get(topic)?.get(partition) : undefined;
        if (!kept) fresh.push({ topic, partition });
        books.set(partition, kept ?? new OffsetBook());
      }
      this.#books.set(topic, books);
    }
    return fresh;
  }

  /** True for a book that counts now: its partition is owned, and was without a break since. */
  holds(topic: string, partition: number, book: OffsetBook): boolean {
    return this.get(topic, partition) === book;
  }

  due(): DueCommit[] {
    const commits: DueCommit[] = [];
    for (const [topic, books] of this.#books)
      for (const [partition, book] of books) {
        const offset = book.due();
        if (offset !== undefined) commits.push({ topic, partition, offset, book });
      }
    return commits;
  }

  /** Owned partitions in rising order; the same for every topic. */
  partitions(): number[] {
    const all = new Set<number>();
    for (const books of this.#books.values()) for (const partition of books.keys()) all.add(partition);
    return [...all].sort((a, b) => a - b);
  }
}

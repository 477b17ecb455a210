import type { Logger } from '@assay/telemetry';
import type { Admin } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { askUntil } from './ask-until.js';
import type { PartitionBooks } from './partition-books.js';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

const RETRY_AFTER_MS = 1_000;

/** Asks the broker where partitions start and end. */
export class OffsetLookup {
  #closed = false;

  constructor(
    private readonly admin: Admin,
    private readonly group: string,
    private readonly logger: Logger,
  ) {}

  connect(): Promise<void> {
    return this.admin.connect();
  }

  disconnect(): Promise<void> {
    this.#closed = true;
    return this.admin.disconnect();
  }

  /** High watermarks now: the offset that the next message of each partition gets. */
  async ends(topic: string): Promise<Map<number, bigint>> {
    const offsets = await askUntil(() => this.admin.fetchTopicOffsets(topic));
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  }

  /**
   * Tells the books of fresh partitions where reading starts, so that an empty partition counts as
   * processed too. Tries until it is known or the partitions went away; never rejects.
   */
  async starts(fresh: readonly TopicPartition[], books: PartitionBooks): Promise<void> {
    const targets = fresh.map((target) => ({ ...target, book: books.get(target.topic, target.partition) }));
    for (const topic of new Set(fresh.map((target) => target.topic))) {
      const mine = targets.filter((target) => target.topic === topic);
      const stillOwned = () =>
        mine.some(({ partition, book }) => book && books.holds(topic, partition, book));
      const starts = await this.#startsOf(topic, stillOwned);
      for (const { partition, book } of mine) book?.startAt(starts.get(partition) ?? 0);
    }
  }

  async #startsOf(topic: string, stillWanted: () => boolean): Promise<Map<number, number>> {
    for (;;) {
      try {
        return await this.#askStarts(topic);
      } catch (error) {
        if (this.#closed || !stillWanted()) return new Map();
        this.logger.warn({ err: error, topic }, 'start offsets not known yet');
        await wait(RETRY_AFTER_MS);
      }
    }
  }

  /** The committed offset; the log's own start where nothing is committed or it was cut off since. */
  async #askStarts(topic: string): Promise<Map<number, number>> {
    const [committed, ends] = await Promise.all([
      this.admin.fetchOffsets({ groupId: this.group, topics: [topic] }),
      this.admin.fetchTopicOffsets(topic),
    ]);
    const lows = new Map(ends.map(({ partition, low }) => [partition, Number(low)]));
    const partitions = committed.find((one) => one.topic === topic)?.partitions ?? [];
    return new Map(
      partitions.map(({ partition, offset }) => [
        partition,
        Math.max(Number(offset), lows.get(partition) ?? 0),
      ]),
    );
  }
}

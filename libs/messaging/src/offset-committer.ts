import type { Logger } from '@assay/telemetry';
import type { OffsetsByTopicPartition } from 'kafkajs';
import type { DueCommit, PartitionBooks } from './partition-books.js';

type Commit = (offsets: OffsetsByTopicPartition) => Promise<void>;

/**
 * Commits what the books say is done, one request at a time.
 *
 * It uses the commit function of a batch and not the consumer's own, which repeats a refused commit
 * after the next join, under the new generation, for partitions that may be somebody else's by then.
 * Call `commit` from a timer or an event of the consumer only: between the moment kafkajs takes over
 * a new generation and the one it tells us, promise callbacks may run, timers may not.
 */
export class OffsetCommitter {
  #commit: Commit | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly books: PartitionBooks,
    private readonly logger: Logger,
  ) {}

  use(commit: Commit): void {
    this.#commit = commit;
  }

  /** The consumer crashed: its commit function is of no more use. */
  forget(): void {
    this.#commit = undefined;
  }

  /** Never rejects: what could not be committed is due again. */
  commit(): Promise<void> {
    return (this.#running ??= this.#send().finally(() => (this.#running = undefined)));
  }

  /** For a consumer that has come to rest: commits all that is done. */
  async last(): Promise<void> {
    await this.#running;
    await new Promise((resolve) => setImmediate(resolve));
    await this.commit();
  }

  async #send(): Promise<void> {
    const due = this.books.due();
    if (due.length === 0 || !this.#commit) return;
    try {
      await this.#commit({ topics: byTopic(due) });
      for (const { book, offset } of due) book.committed(offset);
    } catch (error) {
      this.logger.debug({ err: error }, 'offsets not committed; they stay due');
    }
  }
}

function byTopic(due: readonly DueCommit[]): OffsetsByTopicPartition['topics'] {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { topic, partition, offset } of due) {
    const partitions = topics.get(topic) ?? [];
    partitions.push({ partition, offset: String(offset) });
    topics.set(topic, partitions);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

import type { Lane, MessageName } from '@assay/contracts';

/** What the sweep asks the consumer. */
export interface Positions {
  assigned(): readonly number[];
  processed(message: MessageName, lane: Lane, partition: number): bigint | undefined;
  endOffsets(message: MessageName, lane: Lane): Promise<Map<number, bigint>>;
}

/** Messages that may still bring something for a row. */
const READ: readonly MessageName[] = ['url.submitted', 'metric.round1', 'metric.round2'];

interface Sample {
  readonly at: number;
  readonly ends: ReadonlyMap<MessageName, bigint>;
}

/**
 * Keeps a row from being judged while messages about it lie unread: the ends of a partition's topics
 * are sampled once after a row's time has come, and the row waits until they are handled.
 */
export class PassedEnds {
  readonly #samples = new Map<number, Sample>();

  constructor(
    private readonly lane: Lane,
    private readonly positions: Positions,
  ) {}

  /** Samples those of the given partitions that have no sample yet. `now` is the database's clock, read before. */
  async sample(partitions: readonly number[], now: number): Promise<void> {
    const owned = new Set(this.positions.assigned());
    for (const partition of this.#samples.keys()) if (!owned.has(partition)) this.#samples.delete(partition);
    const missing = partitions.filter((partition) => !this.#samples.has(partition));
    if (missing.length === 0) return;
    const ends = await Promise.all(
      READ.map(async (message) => [message, await this.positions.endOffsets(message, this.lane)] as const),
    );
    for (const partition of missing) {
      const own = ends.map(([message, offsets]) => [message, offsets.get(partition) ?? 0n] as const);
      this.#samples.set(partition, { at: now, ends: new Map(own) });
    }
  }

  /** Partitions where everything up to their sample is handled: rows due before `at` may be judged. */
  passed(): { partition: number; at: number }[] {
    const passed = [];
    for (const [partition, { at, ends }] of this.#samples)
      if (READ.every((message) => this.#isHandled(message, partition, ends.get(message)!)))
        passed.push({ partition, at });
    return passed;
  }

  /** Their rows are swept: what comes due from now on needs a new sample. */
  forget(partitions: readonly number[]): void {
    for (const partition of partitions) this.#samples.delete(partition);
  }

  #isHandled(message: MessageName, partition: number, end: bigint): boolean {
    const processed = this.positions.processed(message, this.lane, partition);
    return processed !== undefined && processed >= end;
  }
}

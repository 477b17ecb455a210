/** Next offset by partition, by topic. */
export type TopicEnds = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/** First offset that is kept, and the one the next message gets. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * Partitions where what a group has committed falls short of the sampled end. What retention has taken away, or
 * a topic that was made anew since, is nothing to wait for: nobody will read it.
 * @param committed -1 or missing where the group never committed
 */
export function countBehind(
  ends: ReadonlyMap<number, bigint>,
  committed: ReadonlyMap<number, bigint>,
  bounds: ReadonlyMap<number, Bounds>,
): number {
  let behind = 0;
  for (const [partition, sampled] of ends) {
    const { low, high } = bounds.get(partition) ?? { low: 0n, high: 0n };
    const end = sampled < high ? sampled : high;
    const offset = committed.get(partition) ?? -1n;
    if ((offset > low ? offset : low) < end) behind++;
  }
  return behind;
}

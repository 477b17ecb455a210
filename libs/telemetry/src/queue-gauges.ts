/** One queue, map or set that grows with traffic, as it is now. */
export interface QueueReading {
  /** `spool.waiting`, `reader.joiner.in_work`: docs/overload.md lists them all. */
  readonly queue: string;
  /** Empty where the lanes share it. */
  readonly lane: string;
  readonly fill: number;
  /** `fill` is never above it, unless docs/overload.md names by how much. */
  readonly bound: number;
}

interface Gauge {
  readonly queue: string;
  readonly lane: string;
  readonly bound: number;
  read(): number;
}

/** What a process holds in memory and how much it may: read when it is asked for, nothing is counted along. */
export class QueueGauges {
  readonly #gauges = new Set<Gauge>();

  /**
   * From now on `read` tells the fill of a queue. Several of the same name and lane (replicas in a process) are added
   * up. Returns what ends it.
   */
  add(queue: string, bound: number, read: () => number, lane = ''): () => void {
    const gauge = { queue, lane, bound, read };
    this.#gauges.add(gauge);
    return () => void this.#gauges.delete(gauge);
  }

  /** By name and lane. */
  read(): QueueReading[] {
    const sums = new Map<string, QueueReading>();
    for (const { queue, lane, bound, read } of this.#gauges) {
      const name = `${queue} ${lane}`;
      const { fill, bound: others } = sums.get(name) ?? { fill: 0, bound: 0 };
      sums.set(name, { queue, lane, fill: fill + read(), bound: bound + others });
    }
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reading]) => reading);
  }
}

/** Of this process: libraries add their own queues, and there is one address that tells of all. */
export const queueGauges = new QueueGauges();

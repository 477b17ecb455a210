import { LANES, topicOf } from '@assay/contracts';
import type { WindowedKafkaStrategy } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';

/** Offsets of one provider's group, as its member in this process knows them. */
export type GroupReader = Pick<WindowedKafkaStrategy, 'assigned' | 'processed' | 'endOffsets'> & {
  readonly settings: Pick<WindowedKafkaStrategy['settings'], 'messages'>;
};

/** High watermarks by topic and partition. */
type Ends = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/**
 * Messages on this member's partitions behind all that is handled: one that takes long keeps in the count
 * those behind it, and those of other providers count until they are passed over. Undefined where a position or an end is not known, or nothing is assigned.
 */
export function lagOf(reader: Omit<GroupReader, 'endOffsets'>, ends: Ends): number | undefined {
  const partitions = reader.assigned();
  if (partitions.length === 0) return undefined;
  let lag = 0;
  for (const message of reader.settings.messages)
    for (const lane of LANES)
      for (const partition of partitions) {
        const end = ends.get(topicOf(message, lane))?.get(partition);
        const processed = reader.processed(message, lane, partition);
        if (end === undefined || processed === undefined) return undefined;
        // What was handled since the end was asked for.
        if (end > processed) lag += Number(end - processed);
      }
  return lag;
}

/** Lags of all groups of this process: a topic's ends are asked for once for all that read it. */
export class GroupLags {
  readonly #readers = new Map<string, GroupReader>();
  readonly #lags = new Map<string, number | undefined>();

  constructor(private readonly logger: Pick<Logger, 'debug'>) {}

  watch(provider: string, reader: GroupReader): void {
    this.#readers.set(provider, reader);
  }

  /** As of the last sample; undefined where not known. */
  of(provider: string): number | undefined {
    return this.#lags.get(provider);
  }

  /** Never rejects: with the broker away no lag is known. */
  async sample(): Promise<void> {
    const ends = await this.#ends().catch((error: unknown) => {
      this.logger.debug({ err: error }, 'end offsets not known');
      return new Map<string, Map<number, bigint>>();
    });
    for (const [provider, reader] of this.#readers) this.#lags.set(provider, lagOf(reader, ends));
  }

  async #ends(): Promise<Map<string, Map<number, bigint>>> {
    const ends = new Map<string, Map<number, bigint>>();
    for (const reader of this.#readers.values())
      for (const message of reader.settings.messages)
        for (const lane of LANES) {
          const topic = topicOf(message, lane);
          if (!ends.has(topic)) ends.set(topic, await reader.endOffsets(message, lane));
        }
    return ends;
  }
}

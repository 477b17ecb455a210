import { CATALOGUE, MESSAGES, type Lane, type MessageName, type MessageOf } from '@assay/contracts';
import type { Publisher } from '@assay/messaging';
import type { Wire } from './wire.js';

export interface LogRecord {
  readonly offset: number;
  /** Kafka's. */
  readonly timestamp: number;
  readonly value: string;
  /** As the header names them; undefined: none. */
  readonly asks: readonly string[] | undefined;
}

export const PARTITIONS = 2;

/** The topics of the one lane that a run is about: append-only, by partition. */
export class Topics {
  readonly #logs = new Map<MessageName, LogRecord[][]>(
    MESSAGES.map((message) => [message, Array.from({ length: PARTITIONS }, () => [])]),
  );
  /** Called with each record as it is written. */
  onAppend: (message: MessageName, partition: number, value: never) => void = () => undefined;

  log(message: MessageName, partition: number): readonly LogRecord[] {
    return this.#logs.get(message)![partition]!;
  }

  /** All that was ever written to it. */
  values<M extends MessageName>(message: M): { value: MessageOf<M>; timestamp: number }[] {
    return this.#logs
      .get(message)!
      .flat()
      .map(({ value, timestamp }) => ({ value: JSON.parse(value) as MessageOf<M>, timestamp }));
  }

  append(
    message: MessageName,
    partition: number,
    timestamp: number,
    value: unknown,
    asks?: readonly string[],
  ): void {
    const log = this.#logs.get(message)![partition]!;
    log.push({ offset: log.length, timestamp, value: JSON.stringify(value), asks });
    this.onAppend(message, partition, value as never);
  }
}

/** The publisher of one life of a process. `early`: it says that the broker has it before it has, which must be found. */
export function publisherOf(wire: Wire, topics: Topics, clock: () => number, early: boolean): Publisher {
  return {
    partitions: PARTITIONS,
    keptMs: Number.POSITIVE_INFINITY,
    publish: async (message, _lane: Lane, partition, value, asks) => {
      const contract = CATALOGUE[message];
      if (!contract.check(value)) throw new RangeError(`${message}: ${contract.faults(value).join()}`);
      const text = JSON.parse(JSON.stringify(value)) as unknown;
      const produced = wire.do(`produce ${message}`, () =>
        topics.append(message, partition, clock(), text, asks),
      );
      if (early) void produced.catch(() => undefined);
      else await produced;
    },
    close: () => Promise.resolve(),
  };
}

import type { Lane, MessageName } from '@assay/contracts';
import type { Logger } from '@assay/telemetry';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Publisher } from './publisher.js';

export interface StrategySettings {
  readonly brokers: string;
  readonly group: string;
  readonly messages: readonly MessageName[];
  /** Messages in flight per lane. */
  readonly window: Readonly<Record<Lane, number>>;
  readonly sessionTimeoutMs: number;
  /** False skips a message by its `asks` header, before it is parsed. */
  readonly wants?: (asks: readonly string[]) => boolean;
  /** Writes the dead letters. */
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** Called once, when this consumer can not go on. Default: log and exit 1. */
  readonly onFatal?: (error: unknown) => void;
}

export class WindowedKafkaStrategy extends Server implements CustomTransportStrategy {
  constructor(readonly settings: StrategySettings) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    callback();
  }

  async close(): Promise<void> {}

  on(): void {}

  unwrap<T>(): T {
    throw new Error('nothing to unwrap');
  }

  /** Partitions owned now; the same for every topic of both lanes. */
  assigned(): readonly number[] {
    return [];
  }

  /** The next offset after all that is fully handled; undefined for a partition that is not owned. */
  processed(message: MessageName, lane: Lane, partition: number): bigint | undefined {
    void [message, lane, partition];
    return undefined;
  }

  /** High watermarks now, by partition. */
  async endOffsets(message: MessageName, lane: Lane): Promise<Map<number, bigint>> {
    void [message, lane];
    return new Map();
  }

  onAssigned(callback: (partitions: readonly number[]) => void): void {
    void callback;
  }

  /** Drains: takes no more, waits for what is in flight, commits, leaves the group. */
  async stop(): Promise<void> {}
}

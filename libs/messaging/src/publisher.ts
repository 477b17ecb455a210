import type { Lane, MessageName, MessageOf } from '@assay/contracts';
import type { Logger } from '@assay/telemetry';

export interface Publisher {
  /** Partition count of all topics. */
  readonly partitions: number;
  /** Validates against the contract; resolves when all in-sync replicas have it (acks -1). */
  publish<M extends MessageName>(
    message: M,
    lane: Lane,
    partition: number,
    value: MessageOf<M>,
    asks?: readonly string[],
  ): Promise<void>;
  /** Takes nothing more, sends what was accepted, closes the connections. */
  close(): Promise<void>;
}

export interface PublisherSettings {
  readonly brokers: string;
  readonly clientId: string;
  readonly logger: Logger;
}

export async function createPublisher(settings: PublisherSettings): Promise<Publisher> {
  throw new Error(`no publisher for ${settings.clientId} yet`);
}

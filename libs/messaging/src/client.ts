import './patch-request-queue.js';
import type { Logger } from '@assay/telemetry';
import { Kafka, logLevel, type LogEntry, type RetryOptions } from 'kafkajs';

/** About 16 s of trying. Written out, since kafkajs has other defaults where NODE_ENV is `test`. */
export const CLIENT_RETRY = {
  initialRetryTime: 100,
  factor: 0.2,
  multiplier: 2,
  maxRetryTime: 5_000,
  retries: 8,
} satisfies RetryOptions;

/**
 * kafkajs counts from the last rebalance and never forgives a try, so a consumer gets many: 30 are
 * some 2 minutes without a broker before it starts over.
 */
export const CONSUMER_RETRY = { ...CLIENT_RETRY, retries: 30 } satisfies RetryOptions;

export interface ClientSettings {
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  readonly clientId: string;
  readonly logger?: Logger;
  /** `none`: one try of 2 s, for who asks again anyway. */
  readonly patience?: 'none';
}

const PATIENT = { connectionTimeout: 3_000, requestTimeout: 30_000, retry: CLIENT_RETRY };
const IMPATIENT = { connectionTimeout: 2_000, requestTimeout: 2_000, retry: { retries: 0 } };

export function createClient({ brokers, clientId, logger, patience }: ClientSettings): Kafka {
  return new Kafka({
    clientId,
    brokers: brokers.split(',').map((broker) => broker.trim()),
    ...(patience === 'none' ? IMPATIENT : PATIENT),
    logLevel: logger ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => (entry) => log(entry, logger),
  });
}

/** What kafkajs calls an error is mostly a try that is repeated; what ends a service is said elsewhere. */
function log(
  { namespace, log: { message, timestamp, logger: _, ...rest } }: LogEntry,
  logger?: Logger,
): void {
  logger?.warn({ kafkajs: namespace, at: timestamp, ...rest }, message);
}

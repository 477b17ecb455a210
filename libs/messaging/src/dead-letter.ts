import { deadTopicOf, type MessageName } from '@assay/contracts';
import type { OutRecord } from './send-queue.js';

/** Headers that a dead letter has beside those of the message. */
export const DEAD_HEADERS = {
  code: 'dead.code',
  reason: 'dead.reason',
  /** The group that gave up; others may have handled the message. */
  group: 'dead.group',
  topic: 'dead.topic',
  partition: 'dead.partition',
  offset: 'dead.offset',
  attempts: 'dead.attempts',
  /** Kafka's, of the message, in milliseconds. */
  timestamp: 'dead.timestamp',
} as const;

type HeaderValue = Buffer | string | (Buffer | string)[];

/** A message as it came from the broker. */
export interface RawMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | null | undefined>> | undefined;
}

export interface DeathCause {
  readonly code: string;
  readonly reason: string;
  readonly group: string;
  readonly attempts: number;
}

export type DeadLetter = Omit<OutRecord, 'bytes'>;

const LONGEST_REASON = 1_000;

/** The dead letter of a message: value and headers byte for byte, and why. Same partition number. */
export function deadLetter(message: MessageName, raw: RawMessage, cause: DeathCause): DeadLetter {
  return {
    topic: deadTopicOf(message),
    partition: raw.partition,
    value: raw.value,
    headers: {
      ...keptHeaders(raw.headers),
      [DEAD_HEADERS.code]: cause.code,
      [DEAD_HEADERS.reason]: cause.reason.slice(0, LONGEST_REASON),
      [DEAD_HEADERS.group]: cause.group,
      [DEAD_HEADERS.topic]: raw.topic,
      [DEAD_HEADERS.partition]: String(raw.partition),
      [DEAD_HEADERS.offset]: raw.offset,
      [DEAD_HEADERS.attempts]: String(cause.attempts),
      [DEAD_HEADERS.timestamp]: raw.timestamp,
    },
  };
}

/** kafkajs cannot write a header without a value: such a one gets an empty value. */
function keptHeaders(headers: RawMessage['headers']): Record<string, HeaderValue> {
  const kept: Record<string, HeaderValue> = {};
  for (const name in headers) kept[name] = headers[name] ?? Buffer.alloc(0);
  return kept;
}

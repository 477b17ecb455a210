import { deadTopicOf, type MessageName } from '@assay/contracts';
import type { HeaderValue, RawMessage } from './raw-message.js';
import { historyOf, isReplayHeader } from './replay.js';
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

export interface DeathCause {
  readonly code: string;
  readonly reason: string;
  readonly group: string;
  readonly attempts: number;
}

export type DeadLetter = Omit<OutRecord, 'bytes'>;

const LONGEST_REASON = 1_000;

/**
 * The dead letter of a message: value and headers byte for byte, and why. Same partition number. One that
 * was returned and failed again keeps the place where it lay first, and its tries add up.
 */
export function deadLetter(message: MessageName, raw: RawMessage, cause: DeathCause): DeadLetter {
  const origin = historyOf(raw);
  return {
    topic: deadTopicOf(message),
    partition: raw.partition,
    value: raw.value,
    headers: {
      ...keptHeaders(raw.headers),
      [DEAD_HEADERS.code]: cause.code,
      [DEAD_HEADERS.reason]: cause.reason.slice(0, LONGEST_REASON),
      [DEAD_HEADERS.group]: cause.group,
      [DEAD_HEADERS.topic]: origin.topic,
      [DEAD_HEADERS.partition]: String(origin.partition),
      [DEAD_HEADERS.offset]: origin.offset,
      [DEAD_HEADERS.attempts]: String(origin.attempts + cause.attempts),
      [DEAD_HEADERS.timestamp]: origin.timestamp,
    },
  };
}

/** kafkajs cannot write a header without a value: such a one gets an empty value. */
function keptHeaders(headers: RawMessage['headers']): Record<string, HeaderValue> {
  const kept: Record<string, HeaderValue> = {};
  for (const name in headers) if (!isReplayHeader(name)) kept[name] = headers[name] ?? Buffer.alloc(0);
  return kept;
}

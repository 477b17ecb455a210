import { deadTopicOf, MESSAGES, parseTopic, type Lane, type MessageName } from '@assay/contracts';
import { DEAD_HEADERS } from './dead-letter.js';
import { textOf, type HeaderValue, type RawMessage } from './raw-message.js';
import { placeText, REPLAY_HEADERS, type Origin } from './replay.js';
import type { OutRecord } from './send-queue.js';

/** A dead letter as it lies in its topic. */
export interface DeadLetterFound {
  /** Where the letter itself lies. */
  readonly place: Origin;
  /** When it was written, in ms since 1970. */
  readonly at: number;
  readonly message: MessageName;
  /** Undefined where its origin is not one of our topics. */
  readonly lane: Lane | undefined;
  /** The group that gave up. */
  readonly group: string;
  readonly code: string;
  readonly reason: string;
  /** Tries of that group in all, those after a replay included. */
  readonly attempts: number;
  /** Where the message lay first. Offset −1: a parked cell, which had no message any more. */
  readonly origin: Origin;
  /** Kafka's, of the message, in ms since 1970. */
  readonly timestamp: string;
  readonly value: Buffer | null;
  /** Those of the message. */
  readonly headers: Readonly<Record<string, HeaderValue>>;
}

const DEAD = new Set<string>(Object.values(DEAD_HEADERS));

/** Reads a record of a `.dead` topic; what its headers do not say is left empty, never guessed. */
export function readLetter(raw: RawMessage): DeadLetterFound | undefined {
  const message = MESSAGES.find((name) => deadTopicOf(name) === raw.topic);
  if (!message) return undefined;
  const header = (name: keyof typeof DEAD_HEADERS) => textOf(raw.headers, DEAD_HEADERS[name]) ?? '';
  const origin = {
    topic: header('topic'),
    partition: Number(header('partition') || Number.NaN),
    offset: header('offset'),
  };
  return {
    place: { topic: raw.topic, partition: raw.partition, offset: raw.offset },
    at: Number(raw.timestamp),
    message,
    lane: parseTopic(origin.topic)?.lane,
    group: header('group'),
    code: header('code'),
    reason: header('reason'),
    attempts: Number(header('attempts') || 0),
    origin,
    timestamp: header('timestamp'),
    value: raw.value,
    headers: ownHeaders(raw.headers),
  };
}

/** Without a group and a topic of ours nobody can be given the message back. */
export function canReturn({ group, origin, message }: DeadLetterFound): boolean {
  return (
    group !== '' && Number.isSafeInteger(origin.partition) && parseTopic(origin.topic)?.message === message
  );
}

/** The message as it was, for the group that gave up on it and nobody else: same topic, same partition. */
export function returnedMessage(letter: DeadLetterFound): Omit<OutRecord, 'bytes'> {
  const { origin, value, headers, group, attempts, timestamp } = letter;
  return {
    topic: origin.topic,
    partition: origin.partition,
    value,
    headers: {
      ...headers,
      [REPLAY_HEADERS.to]: group,
      [REPLAY_HEADERS.of]: placeText(origin),
      [REPLAY_HEADERS.timestamp]: timestamp,
      [REPLAY_HEADERS.attempts]: String(attempts),
    },
  };
}

function ownHeaders(headers: RawMessage['headers']): Record<string, HeaderValue> {
  const own: Record<string, HeaderValue> = {};
  for (const name in headers) if (!DEAD.has(name)) own[name] = headers[name] ?? Buffer.alloc(0);
  return own;
}

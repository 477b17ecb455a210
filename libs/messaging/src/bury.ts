import {
  ASKS_HEADER,
  CATALOGUE,
  topicOf,
  type Lane,
  type MessageName,
  type MessageOf,
} from '@assay/contracts';
import { deadLetter, type DeathCause } from './dead-letter.js';
import { returnedMessage, type DeadLetterFound } from './letter.js';
import { publishRecord, type Publisher } from './publisher.js';

/** Stands for the offset of what lay in a table and in no topic. */
const NO_OFFSET = '-1';

/** A message that a group would have to read to do again what it gave up on. */
export interface UnsentMessage<M extends MessageName> {
  readonly message: M;
  readonly lane: Lane;
  readonly partition: number;
  readonly value: MessageOf<M>;
  readonly asks: readonly string[];
  /** In ms since 1970. */
  readonly at: number;
}

/** Writes the dead letter of work that came from a table and has no message any more; resolves when it is acknowledged. */
export function buryUnsent<M extends MessageName>(
  publisher: Publisher,
  { message, lane, partition, value, asks, at }: UnsentMessage<M>,
  cause: DeathCause,
): Promise<void> {
  const raw = {
    topic: topicOf(message, lane),
    partition,
    offset: NO_OFFSET,
    timestamp: String(at),
    value: Buffer.from(JSON.stringify(value)),
    headers: { v: String(CATALOGUE[message].version), [ASKS_HEADER]: asks.join(',') },
  };
  return publishRecord(publisher, deadLetter(message, raw, cause));
}

/** Returns a dead letter to the group that gave up on it; resolves when it is acknowledged. See `canReturn`. */
export function returnLetter(publisher: Publisher, letter: DeadLetterFound): Promise<void> {
  return publishRecord(publisher, returnedMessage(letter));
}

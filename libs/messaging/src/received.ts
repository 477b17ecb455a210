import type { Lane, MessageName } from '@assay/contracts';
import type { KafkaMessage } from 'kafkajs';
import type { RawMessage } from './raw-message.js';
import type { OffsetBook } from './offset-book.js';

/** A message that was fetched and waits for its turn, not yet parsed. */
export interface Received {
  readonly message: MessageName;
  readonly lane: Lane;
  readonly raw: RawMessage;
  readonly offset: number;
  readonly book: OffsetBook;
  /** What it keeps in memory, about. */
  readonly bytes: number;
}

/** Objects around the bytes of a message. */
const OVERHEAD_BYTES = 512;

/**
 * Copies what it keeps: kafkajs hands out views, and one message that takes an hour would keep the
 * whole fetch (up to 2 MB) that it came with.
 */
export function receive(
  origin: { readonly message: MessageName; readonly lane: Lane },
  topic: string,
  partition: number,
  { offset, timestamp, value, headers }: KafkaMessage,
  book: OffsetBook,
): Received {
  return {
    message: origin.message,
    lane: origin.lane,
    raw: { topic, partition, offset, timestamp, value: value && Buffer.from(value), headers: copy(headers) },
    offset: Number(offset),
    book,
    bytes: OVERHEAD_BYTES + (value?.length ?? 0),
  };
}

function copy(headers: KafkaMessage['headers']): RawMessage['headers'] {
  const copies: Record<string, Buffer | string | (Buffer | string)[] | null | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    copies[name] = Array.isArray(value) ? value.map(own) : value && own(value);
  }
  return copies;
}

function own(value: Buffer | string): Buffer | string {
  return typeof value === 'string' ? value : Buffer.from(value);
}

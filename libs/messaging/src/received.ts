import type { Lane, MessageName } from '@assay/contracts';
import type { RawMessage } from './dead-letter.js';
import type { OffsetBook } from './offset-book.js';

/** A message that was fetched and waits for its turn, not yet parsed. */
export interface Received {
  readonly message: MessageName;
  readonly lane: Lane;
  readonly raw: RawMessage;
  readonly offset: number;
  readonly book: OffsetBook;
  /** What it keeps in memory. */
  readonly bytes: number;
}

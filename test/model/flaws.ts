import type { FetcherFlaws } from './fetcher.js';
import type { IngestFlaws } from './ingest.js';
import type { ReaderFlaws } from './member.js';

/** Orders of effects, and rules of the tables, that are not those of the product: each must be found. */
export interface Flaws extends FetcherFlaws, IngestFlaws, ReaderFlaws {
  /** Produces are not waited for: offsets are committed, rows marked as swept, dispatches as sent before them. */
  readonly produceUnawaited: boolean;
  /** Whoever writes a row last wins, whatever it was folded from. */
  readonly revisionUnguarded: boolean;
}

export const SOUND: Flaws = {
  produceUnawaited: false,
  revisionUnguarded: false,
  offsetFirst: false,
  sentFirst: false,
  cellsFirst: false,
  removedFirst: false,
};

import type { Lane } from '@assay/contracts';
import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';
import type { Batch } from './take-batch.js';

export interface Means {
  /** Places that are free or soon will be: a permit without a place would be lost to others. */
  readonly free: number;
  /** Permits in hand. */
  readonly inHand: number;
  /** This lane has an entry that none of the permits in hand serves. */
  readonly lane?: Lane | undefined;
}

/** How many permits to ask for: for what waits, no more than there are places, at least one where one is missing. */
export function wantedStarts(
  key: LimitKey<Entry>,
  { size }: Batch,
  { free, inHand, lane }: Means,
): Record<Lane, number> {
  const express = Math.ceil(key.queues.express.units / size);
  const bulk = Math.ceil(key.queues.bulk.units / size);
  const all = Math.max(Math.min(express + bulk, Math.max(1, free)) - inHand, lane ? 1 : 0);
  if (lane === 'bulk' && all === 1) return { express: 0, bulk: 1 };
  const first = Math.min(express, all);
  return { express: first, bulk: all - first };
}

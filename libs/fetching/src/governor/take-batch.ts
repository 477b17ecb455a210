import type { Lane } from '@assay/contracts';
import type { Entry } from './entry-queue.js';
import type { LimitKey } from './limit-key.js';

export interface Batch {
  /** Units of one call. */
  readonly size: number;
  /** How long the first entry of a batch that is not full waits for company. */
  readonly lingerMs: Readonly<Record<Lane, number>>;
}

/** True where waiting longer makes no fuller batch. */
export function fillsBatch(key: LimitKey<Entry>, { size }: Batch): boolean {
  return size === 1 || key.units >= size;
}

/** The next entries of a lane that go together, filled up with those of the other lane. There is at least one. */
export function takeBatch<E extends Entry>(key: LimitKey<E>, lane: Lane, size: number): E[] {
  const queue = key.queues[lane];
  const first = queue.shift()!;
  const entries = [first];
  if (first.alone) return entries;
  for (const from of [queue, key.queues[lane === 'express' ? 'bulk' : 'express']]) {
    while (entries.length < size) {
      const next = from.first;
      if (!next || next.alone || next.group !== first.group) break;
      from.shift();
      entries.push(next);
    }
  }
  return entries;
}

import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
/** Random bytes are fetched for this many ids at once: one by one they cost more than the rest of the id. */
const POOLED_IDS = 512;
const pool = Buffer.allocUnsafe(ID_BYTES * POOLED_IDS);
let used = POOLED_IDS;

/** A UUIDv7 of that time: ids sort, and fall into partitions, by when they were made. */
export function newId(msecs: number): string {
  if (used === POOLED_IDS) {
    randomFillSync(pool);
    used = 0;
  }
  const from = used++ * ID_BYTES;
  return v7({ msecs, random: pool.subarray(from, from + ID_BYTES) });
}

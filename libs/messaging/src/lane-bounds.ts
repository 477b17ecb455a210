import { LANES, type Lane } from '@assay/contracts';
import { queueGauges } from '@assay/telemetry';
import type { LaneWindow } from './lane-window.js';

/** What one fetch may bring, and so what may wait beyond `LANE_WAITING_BYTES`. */
export const MAX_BYTES_PER_FETCH = 2 * 1024 * 1024;
/**
 * A paused lane is fetched again up to 100 ms after it has room: half of this is work for that time.
 * Measured with handlers that do nothing: 2 MB 57 k messages/s, 512 KB 43 k.
 */
export const LANE_WAITING_BYTES = 2 * 1024 * 1024;
/**
 * Messages in work by their bytes, beside their number: 1,000 messages of cells at 256 KB would be 256 MB, and five times
 * that once parsed. 8 MB are 20,000 rows as the joiner sends them, and work for seconds.
 */
export const LANE_IN_WORK_BYTES = 8 * 1024 * 1024;
/** The last message begun may be this large, poison even a little more. */
const MOST_IN_WORK_BYTES = LANE_IN_WORK_BYTES + 1024 * 1024;
/** A fetch takes up to twice its bytes in memory: 512 of overhead for messages of 500 or more. */
const MOST_WAITING_BYTES = LANE_WAITING_BYTES + 2 * MAX_BYTES_PER_FETCH;

type Lanes = Readonly<
  Record<Lane, Pick<LaneWindow<{ readonly bytes: number }>, 'waitingBytes' | 'inFlight' | 'inFlightBytes'>>
>;

/** Gauges of a reader's lanes, until each of what it returns was called. */
export function measureLanes(
  { group, window }: { readonly group: string; readonly window: Readonly<Record<Lane, number>> },
  lanes: Lanes,
): (() => void)[] {
  return LANES.flatMap((lane) => {
    const at = lanes[lane];
    return [
      queueGauges.add(`reader.${group}.waiting_bytes`, MOST_WAITING_BYTES, () => at.waitingBytes, lane),
      queueGauges.add(`reader.${group}.in_work`, window[lane], () => at.inFlight, lane),
      queueGauges.add(`reader.${group}.in_work_bytes`, MOST_IN_WORK_BYTES, () => at.inFlightBytes, lane),
    ];
  });
}

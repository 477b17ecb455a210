import type { Pulse } from '@assay/database';

export interface Pressure {
  /** How late timers of this process fire, 99th percentile of the last second or so. */
  readonly loopLagMs: number;
  /** How long the last express dispatch took to be acknowledged. */
  readonly expressSendMs: number;
  /** What the processes behind the topics say of their last second. */
  readonly others: readonly Pick<Pulse, 'loopLagMs' | 'expressFlushMs'>[];
}

const CALM_LAG_MS = 50;
const CALM_SEND_MS = 100;
/** Joiner and store at full speed with bulk alone fire up to 100 ms late: beyond this their heartbeats are at risk. */
const CALM_LAG_OF_OTHERS_MS = 250;
const LONGEST_DELAY_MS = 1_000;

/**
 * How long bulk waits before its next chunk: nothing while calm, then twice what is over the mark. `calmFlushMs`: what
 * the flush of express rows in joiner or store may take.
 */
export function bulkDelay({ loopLagMs, expressSendMs, others }: Pressure, calmFlushMs: number): number {
  const over = [
    loopLagMs - CALM_LAG_MS,
    expressSendMs - CALM_SEND_MS,
    ...others.map((other) => (other.expressFlushMs ?? 0) - calmFlushMs),
    ...others.map((other) => other.loopLagMs - CALM_LAG_OF_OTHERS_MS),
  ];
  return Math.min(LONGEST_DELAY_MS, 2 * Math.max(0, ...over));
}

export interface Pressure {
  /** How late timers of this process fire, 99th percentile of the last second or so. */
  readonly loopLagMs: number;
  /** How long the last express dispatch took to be acknowledged. */
  readonly expressSendMs: number;
}

const CALM_LAG_MS = 50;
const CALM_SEND_MS = 100;
const LONGEST_DELAY_MS = 1_000;

/** How long bulk waits before its next chunk: nothing while calm, then twice what is over the mark. */
export function bulkDelay({ loopLagMs, expressSendMs }: Pressure): number {
  const over = Math.max(loopLagMs - CALM_LAG_MS, expressSendMs - CALM_SEND_MS, 0);
  return Math.min(LONGEST_DELAY_MS, over * 2);
}

const FIRST_MS = 100;
const LONGEST_MS = 10_000;
/** Who ran this long is taken as healthy again: his next restart is a first one. */
export const HEALTHY_AFTER_MS = 30_000;

/** Pause before the n-th restart in a row, n from 1: 0.1, 0.2, 0.4 … 10 s. The first is quick: most deaths are single. */
export function restartDelay(restart: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (restart - 1));
}

/** Number of the next restart, given that of the last one and how long the service ran since. */
export function nextRestart(last: number, ranMs: number): number {
  return ranMs >= HEALTHY_AFTER_MS ? 1 : last + 1;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 12_000;

/** Tries of one message before its reader gives itself up: some 27 s, room for a restart of PostgreSQL. */
export const MAX_TRIES = 6;

/**
 * Wait after the given failed try (1 is the first): 1, 2, 4, 8, 12 s, a quarter more or less, so that
 * messages which failed together do not come back together.
 * @param random from 0 up to 1
 */
export function retryDelay(failedTry: number, random: number): number {
  const delay = Math.min(FIRST_MS * 2 ** (failedTry - 1), LONGEST_MS);
  return Math.round(delay * (0.75 + random / 2));
}

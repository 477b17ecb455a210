import type { FailureClass } from '@assay/contracts';

/** Attempts after the first, by class; a provider's own number may only lower it. */
const MOST_RETRIES: Readonly<Record<FailureClass, number>> = {
  bad_request: 0,
  auth: 0,
  quota: 0,
  rate_limited: 3,
  server: 3,
  malformed: 1,
  timeout: 2,
  network: 2,
};
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;

/**
 * Classes that say the provider is unwell. A wrong key and a spent quota do not, nor does a refused unit,
 * unless the provider punishes callers that send many.
 */
const UNWELL: ReadonlySet<FailureClass> = new Set(['server', 'malformed', 'timeout', 'network']);

export function countsForBreaker(failure: FailureClass, breaker: { countsBadRequest?: true }): boolean {
  return UNWELL.has(failure) || (failure === 'bad_request' && breaker.countsBadRequest === true);
}

/**
 * Milliseconds until the next attempt, or undefined where there is none: exponential, with full
 * jitter. `attempts` made so far count the one that failed; `random` is in [0, 1).
 * Where the governor knows when to come back (rate_limited), it adds its own wait.
 */
export function retryDelay(
  failure: FailureClass,
  attempts: number,
  retries: number,
  random: number,
): number | undefined {
  if (attempts > Math.min(MOST_RETRIES[failure], retries)) return undefined;
  if (failure === 'rate_limited') return 0;
  return random * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempts - 1));
}

const FIRST_THROTTLE_MS = 1_000;
const MAX_THROTTLE_MS = 60_000;
/** A provider that asks for more is not believed: we look again after a day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** How long a key pauses after a 429: what the provider said, else 1 s doubling to 1 min; up to a tenth more as jitter. */
export function throttleMs(retryAfterMs: number | undefined, throttles: number, random: number): number {
  const asked = retryAfterMs ?? Math.min(MAX_THROTTLE_MS, FIRST_THROTTLE_MS * 2 ** throttles);
  return Math.min(asked, MAX_RETRY_AFTER_MS) * (1 + random * 0.1);
}

/** When a spent quota comes back where the provider does not say: the next day by UTC. */
export function nextUtcDay(now: number): number {
  return (Math.floor(now / 86_400_000) + 1) * 86_400_000;
}

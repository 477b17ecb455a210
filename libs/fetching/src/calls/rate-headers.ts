type Headers = Readonly<Record<string, string>>;

/** Names under which providers tell what is left of a limit and when it comes back. */
const PREFIXES = ['x-ratelimit-', 'ratelimit-', 'x-rate-limit-'];
/** A number above this is a time since 1970 and no number of seconds to wait. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;
/** Nobody is believed who asks for more. */
const MOST_MS = 86_400_000;

/**
 * Milliseconds to pause because a reply says that nothing is left: GitHub and Mastodon send X-RateLimit-Remaining with a
 * time, Reddit and Bluesky with seconds, the IETF draft RateLimit-Remaining. Undefined where something is left or
 * nothing is said. `refused`: with 429, so that nothing is left where they only say when it comes back.
 */
export function pauseByHeaders(headers: Headers, now: number, refused = false): number | undefined {
  for (const prefix of PREFIXES) {
    const remaining = headers[`${prefix}remaining`] ?? (refused ? '0' : undefined);
    if (remaining === undefined || !(Number.parseFloat(remaining) < 1)) continue;
    const wait = waitOf(headers[`${prefix}reset`], now);
    if (wait !== undefined && wait > 0) return Math.min(wait, MOST_MS);
  }
  return undefined;
}

function waitOf(reset: string | undefined, now: number): number | undefined {
  if (reset === undefined || reset.trim() === '') return undefined;
  const number = Number(reset);
  if (Number.isNaN(number)) {
    const date = Date.parse(reset);
    return Number.isNaN(date) ? undefined : date - now;
  }
  if (number > EPOCH_MS) return number - now;
  return number > EPOCH_SECONDS ? number * 1_000 - now : number * 1_000;
}

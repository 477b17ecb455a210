/** A provider that names a longer wait is asked again after a day. */
const LONGEST_WAIT_MS = 86_400_000;

const SECONDS = /^\d{1,10}$/;
/** Date.parse alone also reads `-5`, as a year. */
const DAY_NAME = /^[a-z]{3,9},? /i;

/**
 * Wait in ms that a reply asks for: seconds or an HTTP date, 0 to one day; undefined without a readable one.
 * A date is read against the reply's own `date`, so that a clock that runs ahead of ours does no harm.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  if (SECONDS.test(value)) return Math.min(Number(value) * 1000, LONGEST_WAIT_MS);
  const at = DAY_NAME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const theirs = Date.parse(headers['date'] ?? '');
  const wait = at - (Number.isNaN(theirs) ? now : theirs);
  return Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let clock: Intl.DateTimeFormat | undefined;

/** Milliseconds from `now` to the next midnight in Los Angeles, also on the two days with another length. */
export function msToPacificMidnight(now: number): number {
  const wait = DAY_MS - sinceMidnight(now);
  const off = sinceMidnight(now + wait);
  if (off === 0) return wait;
  return off > DAY_MS / 2 ? wait + DAY_MS - off : wait - off;
}

/** By the clock on the wall there. */
function sinceMidnight(at: number): number {
  // Made once, when first needed: a formatter costs more than the rest of this file.
  clock ??= new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = clock.formatToParts(at);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
  return part('hour') * HOUR_MS + part('minute') * 60_000 + part('second') * 1000 + (at % 1000);
}

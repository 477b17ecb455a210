import { msToPacificMidnight, PACE_UP_TO_MS, type LimitWindow } from '@assay/providers';

export const DAY_MS = 86_400_000;
/**
 * Calls spaced for a window start a little late and arrive closer together than they were sent: their timetable is
 * this much slower than the limit, at most 100 ms a window; twice that where few calls make up a window and one that
 * comes too late to start costs much of it.
 */
const SPACED_MARGIN = 0.05;
const FEW_MARGIN = 0.1;
const FEW_PERMITS = 5;
const FAR_APART_MS = 250;
const MOST_MARGIN_MS = 100;
/** Of the margin, what is left to the way: the rest is how late a start may be. */
const ON_THE_WAY_MS = 25;
/**
 * Slots of a sliding window. What was let through in a slot counts until twenty whole slots have passed after it:
 * never more than the limit in any stretch, 20/21 of it at most on average.
 */
const SLOTS = 20;

/** How one limit is kept. Permits are calls or units; a start takes one or more. */
export type WindowRule =
  | {
      readonly kind: 'spaced';
      readonly ms: number;
      readonly of: LimitWindow['of'];
      readonly permits: number;
      /** The window with its margin: so long a permit is gone after its time. */
      readonly spanMs: number;
      /** A start may be so late. */
      readonly lateMs: number;
      /** Permits of express alone, on a timetable of their own. */
      readonly reserve: number;
    }
  | {
      readonly kind: 'sliding';
      readonly ms: number;
      readonly of: LimitWindow['of'];
      readonly permits: number;
      readonly slotMs: number;
      readonly slots: number;
      /** Permits that bulk leaves to express. */
      readonly reserve: number;
      /** Bulk takes no more than this in one slot; a quota of days may be spent at once. */
      readonly bulkPerSlot: number;
    }
  | {
      readonly kind: 'calendar';
      readonly ms: number;
      readonly of: LimitWindow['of'];
      readonly permits: number;
      readonly resets: 'utc' | 'pacific';
      readonly reserve: number;
    };

/** `factor` multiplies every limit; `dailyReserve` is the share of a day's quota that bulk leaves to express. */
export function windowRule(limit: LimitWindow, factor = 1, dailyReserve = 0): WindowRule {
  const { perMs: ms, of, resets } = limit;
  const permits = Math.max(1, Math.floor(limit.permits * factor));
  if (resets)
    return { kind: 'calendar', ms, of, permits, resets, reserve: Math.floor(permits * dailyReserve) };
  if (ms <= PACE_UP_TO_MS) return spaced(ms, of, permits);
  const quota = ms >= DAY_MS;
  return {
    kind: 'sliding',
    ms,
    of,
    permits,
    slotMs: ms / SLOTS,
    slots: SLOTS,
    reserve: quota ? Math.floor(permits * dailyReserve) : minuteReserve(permits),
    bulkPerSlot: quota ? permits : Math.ceil(permits / SLOTS),
  };
}

/** Of 40 permits a second or more, one in fifty is for express alone; with fewer it waits less than it would cost. */
function spaced(ms: number, of: LimitWindow['of'], permits: number): WindowRule {
  const reserve = permits >= 40 ? Math.floor(permits / 50) || 1 : 0;
  const margin = Math.min(MOST_MARGIN_MS, ms * (permits <= FEW_PERMITS ? FEW_MARGIN : SPACED_MARGIN));
  const lateMs = Math.max(margin / 2, margin - ON_THE_WAY_MS);
  return { kind: 'spaced', ms, of, permits, spanMs: ms + margin, lateMs, reserve };
}

/**
 * Milliseconds from one start to the next that takes so many permits at once: as many whole starts in a window as it has
 * permits for. `reserved`: on the timetable of the reserve.
 */
export function stepMs(rule: Extract<WindowRule, { kind: 'spaced' }>, permits = 1, reserved = false): number {
  const shared = reserved ? rule.reserve : rule.permits - rule.reserve;
  return permits <= shared ? rule.spanMs / Math.floor(shared / permits) : (rule.spanMs * permits) / shared;
}

/**
 * Milliseconds to the next start where the host itself asks for calls at least `atLeast` apart (0: it does not), with the
 * margin of its window, since a start may be late.
 */
export function hostStepMs(
  rule: Extract<WindowRule, { kind: 'spaced' }>,
  atLeast: number,
  permits = 1,
): number {
  return atLeast > 0 && rule.of === 'calls' ? permits * (atLeast + rule.spanMs - rule.ms) : 0;
}

/** The longer of what the limit and what the host asks for. */
export function longerStepMs(
  rule: Extract<WindowRule, { kind: 'spaced' }>,
  atLeast: number,
  permits = 1,
): number {
  return Math.max(stepMs(rule, permits), hostStepMs(rule, atLeast, permits));
}

/** True where starts are so far apart that a socket may stand in less time: who is late for one does not wait for the next. */
export function isFarApart(rule: WindowRule): boolean {
  return rule.kind === 'spaced' && stepMs(rule) > FAR_APART_MS;
}

/** A tenth for express; one of four, since with four a minute the next would come too late for a person. */
function minuteReserve(permits: number): number {
  if (permits >= 10) return Math.floor(permits / 10);
  return permits >= 4 ? 1 : 0;
}

/** When a calendar quota comes back. */
export function nextReset(resets: 'utc' | 'pacific', now: number): number {
  return now + (resets === 'utc' ? DAY_MS - (now % DAY_MS) : msToPacificMidnight(now));
}

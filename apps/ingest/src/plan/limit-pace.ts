import type { Lane } from '@assay/contracts';
import { PACE_UP_TO_MS, type LimitWindow } from '@assay/providers';
import type { Back } from './quota-left.js';

/** One window of a limit as it stands now. Times in ms. */
export interface PlanWindow {
  readonly of: LimitWindow['of'];
  readonly perMs: number;
  /** Of each of our keys. */
  readonly permits: number;
  readonly keys: number;
  /** Permits of all keys that are left of a quota of a day or longer, and when the others come back. */
  readonly left: number;
  readonly backInMs: number;
  /**
   * How a window that slides comes back, bit by bit, soonest first: all its permits, and each again after a window.
   * Absent: all of them at `backInMs`.
   */
  readonly back?: readonly Back[];
}

export const QUOTA_FROM_MS = 86_400_000;
/** The timetable of a pace is 5 % slower, with few permits 10 %, 100 ms at most. */
const MARGIN = 0.05;
const FEW_MARGIN = 0.1;
const FEW_PERMITS = 5;
const MOST_MARGIN_MS = 100;

/** True for a quota of a day or longer: it may be spent at once and is then waited for. */
export const isQuota = ({ perMs }: Pick<PlanWindow, 'perMs'>) => perMs >= QUOTA_FROM_MS;

/** Milliseconds from one permit to the next. */
export function stepMs({ perMs, permits, keys }: PlanWindow, lane: Lane): number {
  const share = permits <= FEW_PERMITS ? FEW_MARGIN : MARGIN;
  const margin = perMs <= PACE_UP_TO_MS ? Math.min(MOST_MARGIN_MS, perMs * share) : perMs * MARGIN;
  return (perMs + margin) / Math.max(1, permits - reserve(perMs, permits, lane)) / keys;
}

/** What bulk leaves to express: one in fifty of forty permits or more, of longer windows a tenth. */
function reserve(perMs: number, permits: number, lane: Lane): number {
  if (lane === 'express') return 0;
  if (perMs <= PACE_UP_TO_MS) return permits >= 40 ? Math.floor(permits / 50) || 1 : 0;
  return permits >= 10 ? Math.floor(permits / 10) : permits >= 4 ? 1 : 0;
}

/** Milliseconds until the last of so many permits is there. */
export function timeFor(window: PlanWindow, count: number, lane: Lane): number {
  if (count <= 0) return 0;
  if (isQuota(window)) {
    const missing = count - window.left;
    if (missing <= 0) return 0;
    const rounds = Math.floor((missing - 1) / (window.permits * window.keys));
    return inMsOf(window, missing - rounds * window.permits * window.keys) + rounds * window.perMs;
  }
  return Math.max(0, count - atOnce(window, lane)) * stepMs(window, lane);
}

/** Permits that are there within `waitMs`. */
export function permitsWithin(window: PlanWindow, waitMs: number, lane: Lane): number {
  if (isQuota(window)) {
    const times = (inMs: number) => (waitMs < inMs ? 0 : 1 + Math.floor((waitMs - inMs) / window.perMs));
    return backOf(window).reduce((sum, { inMs, permits }) => sum + times(inMs) * permits, window.left);
  }
  return atOnce(window, lane) + Math.floor(waitMs / stepMs(window, lane));
}

function backOf({ back, backInMs, permits, keys }: PlanWindow): readonly Back[] {
  return back ?? [{ inMs: backInMs, permits: permits * keys }];
}

/** Milliseconds until so many permits have come back, of one window at most. */
function inMsOf(window: PlanWindow, count: number): number {
  let sum = 0;
  for (const { inMs, permits } of backOf(window)) if ((sum += permits) >= count) return inMs;
  return window.backInMs + window.perMs;
}

/** Bulk is spread over a window; express may take a minute's permits as soon as it wants. */
function atOnce({ perMs, permits, keys }: PlanWindow, lane: Lane): number {
  return lane === 'express' && perMs > PACE_UP_TO_MS ? permits * keys : 1;
}

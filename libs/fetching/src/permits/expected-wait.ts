import type { Lane } from '@assay/contracts';
import {
  msToShare,
  paceShare,
  recoveryCostMs,
  type PermitState,
  type Sliding,
  type WindowState,
} from './permit-state.js';
import { roomAt } from './sliding-room.js';
import { DAY_MS, longerStepMs, type WindowRule } from './window-rule.js';

/** Permits that this process waits for, up to those of the one that asks. */
export interface Queued {
  readonly lane: Lane;
  readonly calls: number;
  readonly units: number;
  /** Of the calls, those of express that go before one of bulk. */
  readonly express: number;
}

/** What waits before and with the one that asks, in all processes. */
export interface Ahead extends Queued {
  /** Calls that other processes wait for. They do not count against a quota: who gets it is not known. */
  readonly others: number;
}

/** Milliseconds until the last of those permits may be there: the pause, then the slowest window at its rate. */
export function expectedWait(
  state: PermitState,
  rules: readonly WindowRule[],
  ahead: Ahead,
  now: number,
): number {
  const pause = Math.max(0, (state.pausedUntil ?? 0) - now);
  const paced = { share: paceShare(state, now + pause), apart: state.stepAtLeast ?? 0 };
  let wait = 0;
  for (const [i, window] of state.windows.entries()) {
    const rule = rules[i];
    if (rule) wait = Math.max(wait, windowWait(window, rule, ahead, paced, now + pause));
  }
  return pause + wait;
}

/** Calls of other processes that wait for this key. */
export function othersQueued({ queues }: PermitState, worker: string): number {
  let sum = 0;
  for (const [name, [permits]] of Object.entries(queues ?? {})) if (name !== worker) sum += permits;
  return sum;
}

/** Share of the scarcest quota or window that is left, 0–1. */
export function shareLeft(state: PermitState): number {
  let left = 1;
  for (const window of state.windows)
    if (window.kind !== 'spaced') left = Math.min(left, Math.max(0, 1 - window.used / window.permits));
  return left;
}

/** Share of the rate, and ms between calls that the host asks for (0: none). */
interface Pace {
  readonly share: number;
  readonly apart: number;
}

function windowWait(
  window: WindowState,
  rule: WindowRule,
  ahead: Ahead,
  { share, apart }: Pace,
  now: number,
): number {
  const own = window.of === 'calls' ? ahead.calls : ahead.units;
  const kept = ahead.lane === 'bulk' ? rule.reserve : 0;
  switch (rule.kind) {
    case 'spaced': {
      const nextAt = window.kind === 'spaced' ? window.nextAt : 0;
      const permits = Math.max(0, own + ahead.others - 1);
      return Math.max(0, nextAt - now) + (permits * longerStepMs(rule, apart)) / share;
    }
    case 'calendar': {
      if (window.kind !== 'calendar') return 0;
      const most = rule.permits - kept;
      const over = window.used + own - most;
      return over <= 0 ? 0 : window.resetsAt - now + (Math.ceil(over / most) - 1) * DAY_MS;
    }
    case 'sliding': {
      if (window.kind !== 'sliding') return 0;
      const others = rule.ms >= DAY_MS ? 0 : ahead.others;
      const all = window.used + own + others;
      const slots = ahead.lane === 'bulk' && window.of === 'calls' ? slotsWait(window, rule, ahead, now) : 0;
      if (all <= Math.max(1, rule.permits * share - kept)) return slots;
      const most = Math.max(1, rule.permits - kept);
      const missing = all - most;
      if (missing <= 0) return Math.max(slots, msToShare(share, (all + kept) / rule.permits));
      const rounds = Math.floor(missing / most);
      const rest = missing - rounds * most;
      const first = window.used > 0 ? Math.max(0, roomAt(window, Math.min(rest || 1, window.used)) - now) : 0;
      return Math.max(slots, first + rounds * rule.ms + recoveryCostMs(share));
    }
  }
}

/**
 * Bulk has so many calls in each slot, and no more; express before it takes of this one. Units come in batches, of which
 * each slot takes one whatever its size. What others wait for is left out: if it is express it takes no turn of bulk's.
 */
function slotsWait(
  window: Sliding,
  { slotMs, bulkPerSlot }: Extract<WindowRule, { kind: 'sliding' }>,
  { calls, express }: Queued,
  now: number,
): number {
  const slot = Math.max(window.slot, Math.floor(now / slotMs));
  const taken = express + (slot === window.slot ? window.taken[0]! : 0);
  const bulk = calls - express;
  const here = Math.max(0, bulkPerSlot - taken);
  return bulk <= here ? 0 : Math.max(0, (slot + Math.ceil((bulk - here) / bulkPerSlot)) * slotMs - now);
}

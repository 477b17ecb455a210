import type { SkipReason } from '@assay/contracts';
import { longerStepMs, nextReset, stepMs, type WindowRule } from './window-rule.js';

/** One window of a limit key as it is kept for all processes. Times are the database's, in ms since 1970. */
export type WindowState = {
  readonly ms: number;
  readonly of: 'calls' | 'units';
  /** The limit, for people. */
  readonly permits: number;
} & (
  | {
      readonly kind: 'spaced';
      /** Earliest start of the next permit, and of the express reserve's next. */
      readonly nextAt: number;
      readonly expressAt: number;
      /** After a rest the first calls must connect, and arrive in a crowd: until then they go at a slower pace. */
      readonly warmUntil?: number;
    }
  | {
      readonly kind: 'sliding';
      /** Number of the newest slot since 1970, and what was let through in it and in those before, newest first. */
      readonly slot: number;
      readonly taken: readonly number[];
      /** Their sum. */
      readonly used: number;
    }
  | { readonly kind: 'calendar'; readonly used: number; readonly resetsAt: number }
);

export type Sliding = Extract<WindowState, { kind: 'sliding' }>;

/** What all processes know about one limit key and one of our keys. */
export interface PermitState {
  readonly windows: readonly WindowState[];
  /** The provider asked for a pause, or its quota is spent. */
  readonly pausedUntil?: number;
  readonly pausedBy?: SkipReason;
  /** After a 429: share of the rate at that time, 0–1. It comes back evenly within a minute. */
  readonly pace?: { readonly share: number; readonly at: number };
  /** Permits that each process waits for, and when it said so. */
  readonly queues?: Readonly<Record<string, readonly [permits: number, at: number]>>;
  /** The host asks for calls at least so many ms apart, which is longer than its limit; until the key is forgotten. */
  readonly stepAtLeast?: number;
}

/** From nothing to the whole pace. */
const RECOVERY_MS = 60_000;
const SLOWER = 0.7;
const SLOWEST = 0.1;
/** A process that has not spoken for this long waits for nothing any more. */
const QUEUE_KNOWN_MS = 3_000;

/** The state at `now`: slots that have passed are dropped, quotas come back, a changed limit begins anew. */
export function turned(
  state: PermitState | undefined,
  rules: readonly WindowRule[],
  now: number,
): PermitState {
  const windows = rules.map((rule, i) => turnWindow(state?.windows[i], rule, now));
  if (!state) return { windows };
  const { pausedUntil, pace, queues, stepAtLeast, ...rest } = state;
  const kept = Object.entries(queues ?? {}).filter(([, [, at]]) => at > now - QUEUE_KNOWN_MS);
  return {
    windows,
    ...(pausedUntil !== undefined && pausedUntil > now ? { ...rest, windows, pausedUntil } : {}),
    ...(pace && paceShare(state, now) < 1 ? { pace } : {}),
    ...(kept.length > 0 ? { queues: Object.fromEntries(kept) } : {}),
    ...(stepAtLeast === undefined ? {} : { stepAtLeast }),
  };
}

/**
 * The host asks for calls at least `atLeast` ms apart: so far from the last start that anybody was given the next one is.
 * The same state where that is not longer than what is kept already. It does not become shorter again.
 */
export function keptApart(state: PermitState, rules: readonly WindowRule[], atLeast: number): PermitState {
  const before = state.stepAtLeast ?? 0;
  let longer = false;
  const windows = state.windows.map((window, i) => {
    const rule = rules[i];
    if (window.kind !== 'spaced' || rule?.kind !== 'spaced') return window;
    const step = longerStepMs(rule, atLeast);
    if (step <= longerStepMs(rule, before)) return window;
    longer = true;
    const last = lastStart(window, rule, before);
    return last === undefined ? window : { ...window, nextAt: Math.max(window.nextAt, last + step) };
  });
  return longer ? { ...state, windows, stepAtLeast: atLeast } : state;
}

/** When the last start is to be that anybody was given, or later; undefined where none was. */
export function lastStart(
  { nextAt, expressAt }: Extract<WindowState, { kind: 'spaced' }>,
  rule: Extract<WindowRule, { kind: 'spaced' }>,
  atLeast: number,
): number | undefined {
  const ofReserve = expressAt > 0 ? expressAt - stepMs(rule, 1, true) : 0;
  const last = Math.max(nextAt > 0 ? nextAt - longerStepMs(rule, atLeast) : 0, ofReserve);
  return last > 0 ? last : undefined;
}

/** The share of its limits that a key may use now. */
export function paceShare({ pace }: PermitState, now: number): number {
  if (!pace) return 1;
  return Math.min(1, pace.share + Math.max(0, now - pace.at) / RECOVERY_MS);
}

/** Milliseconds until so much of the pace has come back. */
export function msToShare(share: number, wanted: number): number {
  return Math.max(0, wanted - share) * RECOVERY_MS;
}

/** What its coming back costs, in milliseconds at the whole pace. */
export function recoveryCostMs(share: number): number {
  return ((1 - share) ** 2 / 2) * RECOVERY_MS;
}

/**
 * The provider refused for want of permits: nothing until then, then slower than before. Of many refusals at once the
 * first counts: they are about the same moment.
 */
export function paused(
  state: PermitState,
  until: number,
  by: SkipReason,
  slower: boolean,
  now: number,
): PermitState {
  const share = Math.max(SLOWEST, paceShare(state, now) * SLOWER);
  const longer = until > (state.pausedUntil ?? 0);
  const first = (state.pausedUntil ?? 0) <= now;
  return {
    ...state,
    ...(longer ? { pausedUntil: until, pausedBy: by } : {}),
    ...(slower && first ? { pace: { share, at: Math.max(now, until) } } : {}),
  };
}

/** When nothing of this state matters any more: forgetting it then loses nothing. */
export function idleAt(state: PermitState): number {
  let at = Math.max(state.pausedUntil ?? 0, state.pace ? state.pace.at + RECOVERY_MS : 0);
  for (const window of state.windows) at = Math.max(at, windowIdleAt(window));
  return at;
}

/** Of its slots one more is kept than make up the window. */
export function slotMs({ ms, taken }: Sliding): number {
  return ms / (taken.length - 1);
}

function windowIdleAt(window: WindowState): number {
  switch (window.kind) {
    case 'spaced':
      return Math.max(window.nextAt, window.expressAt);
    case 'sliding':
      return window.used === 0 ? 0 : (window.slot + 1) * slotMs(window) + window.ms;
    case 'calendar':
      return window.used === 0 ? 0 : window.resetsAt;
  }
}

function turnWindow(known: WindowState | undefined, rule: WindowRule, now: number): WindowState {
  const same = known?.kind === rule.kind && known.ms === rule.ms && known.of === rule.of ? known : undefined;
  const { ms, of, permits } = rule;
  const base = { ms, of, permits };
  if (rule.kind === 'spaced') {
    const spaced = same as Extract<WindowState, { kind: 'spaced' }> | undefined;
    const { nextAt = 0, expressAt = 0, warmUntil } = spaced ?? {};
    const warming = warmUntil !== undefined && warmUntil > now ? { warmUntil } : {};
    return { ...base, kind: 'spaced', nextAt, expressAt, ...warming };
  }
  if (rule.kind === 'calendar') {
    const day = same as Extract<WindowState, { kind: 'calendar' }> | undefined;
    if (day && now < day.resetsAt)
      return { ...base, kind: 'calendar', used: day.used, resetsAt: day.resetsAt };
    // What one call took beyond the day is booked on the next.
    const used = day ? Math.max(0, day.used - permits) : 0;
    return { ...base, kind: 'calendar', used, resetsAt: nextReset(rule.resets, now) };
  }
  const sliding = same as Sliding | undefined;
  const slot = Math.floor(now / rule.slotMs);
  const taken = shifted(sliding?.taken ?? [], sliding ? slot - sliding.slot : 0, rule.slots + 1);
  return { ...base, kind: 'sliding', slot: Math.max(slot, sliding?.slot ?? 0), taken, used: sum(taken) };
}

function shifted(taken: readonly number[], by: number, length: number): number[] {
  const fresh = Math.min(length, Math.max(0, by));
  const all = [...Array.from({ length: fresh }, () => 0), ...taken, ...Array.from({ length }, () => 0)];
  return all.slice(0, length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

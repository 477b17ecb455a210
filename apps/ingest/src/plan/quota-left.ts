import { slotBackAt } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';

/** A row of table `permit`, which fetchers own: what one of our keys has used at one limit key. */
export interface PermitRow {
  readonly provider: string;
  readonly limit_key: string;
  readonly credential: number;
  readonly state: unknown;
}

/** So many permits more are there in so many ms. */
export interface Back {
  readonly inMs: number;
  readonly permits: number;
}

export interface QuotaLeft {
  /** Permits of this key that are left. */
  readonly left: number;
  /** Milliseconds until more come back; undefined where the row does not tell. */
  readonly backInMs?: number;
  /** Of a window that slides: what comes back when, soonest first. */
  readonly back?: readonly Back[];
}

/**
 * What a row says about one window: `state.windows` holds `{ms, of, used, resetsAt?, slot?, taken?}`. undefined where it
 * says nothing that can be read, or nothing about now: the whole window is left then, as far as anybody knows.
 */
export function quotaLeft(state: unknown, window: LimitWindow, now: number): QuotaLeft | undefined {
  const kept = windowsOf(state).find(({ ms, of }) => ms === window.perMs && of === window.of);
  const used = Number(kept?.['used']);
  if (!kept || !Number.isFinite(used)) return undefined;
  const slots = slotsOf(kept, now);
  if (slots) return slots.length > 0 ? slidingLeft(slots, window.permits) : undefined;
  const backAt = kept['resetsAt'] === undefined ? undefined : Number(kept['resetsAt']);
  if (backAt !== undefined && backAt <= now) return undefined;
  const left = Math.max(0, Math.min(window.permits, window.permits - used));
  return backAt === undefined || !Number.isFinite(backAt) ? { left } : { left, backInMs: backAt - now };
}

function windowsOf(state: unknown): Record<string, unknown>[] {
  const windows = (state as { windows?: unknown } | null)?.windows;
  return Array.isArray(windows) ? windows.filter((one) => typeof one === 'object' && one !== null) : [];
}

/** What still counts in a window that slides, slot by slot, oldest first: each is over in its own time. */
function slotsOf({ ms, slot, taken }: Record<string, unknown>, now: number): Back[] | undefined {
  if (!Array.isArray(taken) || taken.length < 2 || typeof slot !== 'number') return undefined;
  const window = { slot, slots: taken.length, ms: Number(ms) };
  return taken
    .map((permits, age) => ({
      inMs: slotBackAt(window, age) - now,
      permits: Math.max(0, Number(permits) || 0),
    }))
    .filter(({ inMs, permits }) => inMs > 0 && permits > 0)
    .reverse();
}

/** What was taken beyond the limit is paid by the slots that come back first. */
function slidingLeft(slots: readonly Back[], permits: number): QuotaLeft {
  let used = slots.reduce((sum, slot) => sum + slot.permits, 0);
  const left = Math.max(0, permits - used);
  const back: Back[] = [];
  for (const slot of slots) {
    const before = Math.max(0, permits - used);
    used -= slot.permits;
    const more = Math.max(0, permits - used) - before;
    if (more > 0) back.push({ inMs: slot.inMs, permits: more });
  }
  return { left, backInMs: back[0]!.inMs, back };
}

/** Milliseconds for which the provider has asked for a pause, or its quota is spent; 0: none. */
export function pausedFor(state: unknown, now: number): number {
  const until = Number((state as { pausedUntil?: unknown } | null)?.pausedUntil);
  return Number.isFinite(until) ? Math.max(0, until - now) : 0;
}

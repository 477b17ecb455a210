import type { LimitWindow } from '@assay/providers';

/** A row of table `permit`, which fetchers own: what one of our keys has used at one limit key. */
export interface PermitRow {
  readonly provider: string;
  readonly limit_key: string;
  readonly credential: number;
  readonly state: unknown;
}

export interface QuotaLeft {
  /** Permits of this key that are left. */
  readonly left: number;
  /** Milliseconds until more come back; undefined where the row does not tell. */
  readonly backInMs?: number;
}

/**
 * What a row says about one window: `state.windows` holds `{ms, of, used, resetsAt?, slot?, taken?}`. undefined where it
 * says nothing that can be read, or nothing about now: the whole window is left then, as far as anybody knows.
 */
export function quotaLeft(state: unknown, window: LimitWindow, now: number): QuotaLeft | undefined {
  const kept = windowsOf(state).find(({ ms, of }) => ms === window.perMs && of === window.of);
  const used = Number(kept?.['used']);
  if (!kept || !Number.isFinite(used)) return undefined;
  const backAt = kept['resetsAt'] === undefined ? slotsEnd(kept) : Number(kept['resetsAt']);
  if (backAt !== undefined && backAt <= now) return undefined;
  const left = Math.max(0, Math.min(window.permits, window.permits - used));
  return backAt === undefined || !Number.isFinite(backAt) ? { left } : { left, backInMs: backAt - now };
}

function windowsOf(state: unknown): Record<string, unknown>[] {
  const windows = (state as { windows?: unknown } | null)?.windows;
  return Array.isArray(windows) ? windows.filter((one) => typeof one === 'object' && one !== null) : [];
}

/** A window that slides: when the oldest of what was taken in it comes back. */
function slotsEnd({ ms, slot, taken }: Record<string, unknown>): number | undefined {
  if (!Array.isArray(taken) || taken.length < 2 || typeof slot !== 'number') return undefined;
  const slotMs = Number(ms) / (taken.length - 1);
  const oldest = taken.findLastIndex((n) => Number(n) > 0);
  return oldest < 0 ? undefined : (slot - oldest + taken.length) * slotMs;
}

/** Milliseconds for which the provider has asked for a pause, or its quota is spent; 0: none. */
export function pausedFor(state: unknown, now: number): number {
  const until = Number((state as { pausedUntil?: unknown } | null)?.pausedUntil);
  return Number.isFinite(until) ? Math.max(0, until - now) : 0;
}

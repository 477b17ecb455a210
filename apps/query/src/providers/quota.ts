import { slotBackAt } from '@assay/contracts';
import type { Quota } from '../openapi/health-shapes.js';

/** A limit's window as the fetchers share it, by one of our keys. */
interface Window {
  readonly kind: string;
  readonly ms: number;
  readonly of: 'calls' | 'units';
  readonly permits: number;
  readonly used: number;
  readonly resetsAt: number | undefined;
  /** Of one that slides: what was let through and when each part of it is back, soonest first. */
  readonly slots: readonly Slot[] | undefined;
}

interface Slot {
  readonly taken: number;
  readonly backAt: number;
}

interface Permits {
  readonly windows: readonly Window[];
  readonly pausedUntil: number | undefined;
}

/** Shorter windows fill again while one looks: what is left of them tells a person nothing. */
export const SHORTEST_QUOTA_MS = 60_000;

/**
 * What is left of the scarcest window of a minute or longer, from the `permit.state` of each of our keys
 * at one limit key. Null where there is no such window, or where a state cannot be read: what is not
 * known is not guessed. `now` in ms since 1970.
 */
export function readQuota(states: readonly unknown[], now: number): Quota | null {
  const permits = states.map(readPermits);
  if (permits.length === 0 || permits.some((one) => one === undefined)) return null;
  const ours = permits as readonly Permits[];
  const [first, ...rest] = windowsOf(ours).map((windows) => together(windows, now));
  if (!first) return null;
  const scarcest = rest.reduce((a, b) => (isScarcer(b, a) ? b : a), first);
  const pauses = ours.map(({ pausedUntil = 0 }) => pausedUntil);
  return { ...scarcest, pausedUntil: momentAfter(Math.min(...pauses), now) };
}

function readPermits(state: unknown): Permits | undefined {
  if (!isRecord(state) || !Array.isArray(state['windows'])) return undefined;
  const windows = state['windows'].map(readWindow);
  if (windows.some((window) => window === undefined)) return undefined;
  return { windows: windows as Window[], pausedUntil: numberIn(state, 'pausedUntil') };
}

function readWindow(value: unknown): Window | undefined {
  if (!isRecord(value)) return undefined;
  const [ms, permits, used] = ['ms', 'permits', 'used'].map((name) => numberIn(value, name));
  const { kind, of } = value;
  if (typeof kind !== 'string' || (of !== 'calls' && of !== 'units')) return undefined;
  if (ms === undefined || permits === undefined || used === undefined) return undefined;
  const slots = value['taken'] === undefined ? undefined : readSlots(value, ms);
  if (slots === null) return undefined;
  return { kind, ms, of, permits, used, resetsAt: numberIn(value, 'resetsAt'), slots };
}

/** `taken` holds the newest slot first, and one more than make up the window. */
function readSlots(value: Readonly<Record<string, unknown>>, ms: number): Slot[] | null {
  const { taken } = value;
  const slot = numberIn(value, 'slot');
  if (!Array.isArray(taken) || taken.length < 2 || slot === undefined) return null;
  const window = { slot, slots: taken.length, ms };
  const slots = taken.map((n: unknown, age) => ({ taken: n, backAt: slotBackAt(window, age) }));
  if (!slots.every((one): one is Slot => typeof one.taken === 'number' && one.taken >= 0)) return null;
  return slots.reverse();
}

/** The same window of each of our keys, for every window long enough. */
function windowsOf(permits: readonly Permits[]): Window[][] {
  const groups = new Map<string, Window[]>();
  for (const { windows } of permits)
    for (const window of windows) {
      if (window.ms < SHORTEST_QUOTA_MS) continue;
      const name = `${window.kind} ${window.ms} ${window.of}`;
      groups.set(name, [...(groups.get(name) ?? []), window]);
    }
  return [...groups.values()];
}

function together(windows: readonly Window[], now: number): Omit<Quota, 'pausedUntil'> {
  const { of, ms } = windows[0]!;
  const left = windows.reduce((sum, window) => sum + leftOf(window, now), 0);
  const permits = windows.reduce((sum, window) => sum + window.permits, 0);
  const resets = windows.flatMap((window) => backAtOf(window, now) ?? []);
  return {
    left: Math.floor(left),
    permits: Math.floor(permits),
    of,
    windowMs: ms,
    resetsAt: resets.length > 0 ? momentAfter(Math.min(...resets), now) : null,
  };
}

/** A window whose end has passed since it was written is whole again; of one that slides, each slot comes back for itself. */
function leftOf({ permits, used, resetsAt, slots }: Window, now: number): number {
  if (slots) return Math.max(0, permits - takenAt(slots, now));
  return resetsAt !== undefined && resetsAt <= now ? permits : Math.max(0, permits - used);
}

/** When the next of it is back; undefined where nothing is spent, or nothing is told. */
function backAtOf(window: Window, now: number): number | undefined {
  const { used, resetsAt, slots } = window;
  if (!slots) return used > 0 && resetsAt! > now ? resetsAt : undefined;
  const left = leftOf(window, now);
  return slots.find(({ backAt }) => backAt > now && leftOf(window, backAt) > left)?.backAt;
}

/** What still counts of it. */
function takenAt(slots: readonly Slot[], now: number): number {
  return slots.reduce((sum, { taken, backAt }) => sum + (backAt > now ? taken : 0), 0);
}

function isScarcer(a: Omit<Quota, 'pausedUntil'>, b: Omit<Quota, 'pausedUntil'>): boolean {
  const [left, other] = [a.left * b.permits, b.left * a.permits];
  return left < other || (left === other && a.windowMs > b.windowMs);
}

function momentAfter(at: number, now: number): string | null {
  return at > now ? new Date(at).toISOString() : null;
}

/** Finite, not below 0, and a time that a date can hold. */
function numberIn(value: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const found = value[name];
  return typeof found === 'number' && found >= 0 && found <= 8.64e15 ? found : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

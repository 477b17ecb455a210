import { slotMs, type PermitState, type WindowState } from './permit-state.js';

/** Permits of one lease that nobody used, and when it was, by the clock of the store. */
export interface Unused {
  readonly calls: number;
  readonly units: number;
  readonly at: number;
}

/** Of more leases than this the oldest are lost, which keeps the limit. */
const MOST_LEASES = 8;

export function withMore(unused: readonly Unused[], { calls, units, at }: Unused): Unused[] {
  const same = unused.find((one) => one.at === at) ?? { calls: 0, units: 0 };
  const others = unused.filter((one) => one.at !== at);
  return [...others, { calls: calls + same.calls, units: units + same.units, at }].slice(-MOST_LEASES);
}

/** The state as it will be once they are given back. */
export function stateWithout(unused: readonly Unused[], state: PermitState): PermitState {
  return { ...state, windows: state.windows.map((window) => unused.reduce(givenBack, window)) };
}

/** Into the slot they were taken in, where it still counts. */
export function givenBack(window: WindowState, { calls, units, at }: Unused): WindowState {
  const permits = window.of === 'calls' ? calls : units;
  if (permits === 0 || window.kind === 'spaced') return window;
  if (window.kind === 'calendar') {
    const sameDay = at > window.resetsAt - window.ms;
    return sameDay ? { ...window, used: Math.max(0, window.used - permits) } : window;
  }
  const place = window.slot - Math.floor(at / slotMs(window));
  const inSlot = window.taken[place] ?? 0;
  const back = Math.min(inSlot, permits);
  return back === 0
    ? window
    : { ...window, used: window.used - back, taken: window.taken.with(place, inSlot - back) };
}

import type { Lane } from '@assay/contracts';
import type { Demand, Permit } from './permit.js';
import {
  lastStart,
  paceShare,
  slotMs,
  type PermitState,
  type Sliding,
  type WindowState,
} from './permit-state.js';
import { roomAtPace } from './sliding-room.js';
import { givenBack } from './unused.js';
import { DAY_MS, hostStepMs, longerStepMs, stepMs, type WindowRule } from './window-rule.js';

type Spaced = Extract<WindowState, { kind: 'spaced' }>;
type Calendar = Extract<WindowState, { kind: 'calendar' }>;

/** So far ahead starts are given out; express may reach beyond what bulk has taken. */
const HORIZON_MS: Readonly<Record<Lane, number>> = { express: 800, bulk: 400 };
/** After a rest of a whole window, steps are this much longer for one window; not where few calls make one up. */
const WARMING = 2;
const WARMS_UP_FROM = 10;
/** A slot is not used to its very end: what starts there arrives in the next one. */
const SLOT_GUARD = 0.1;
const MOST_SLOT_GUARD_MS = 200;
/** Where nothing else says how long a permit is good. */
const CALENDAR_VALID_MS = 5_000;
/** Starts that no timetable spaces follow each other at this distance, or closer where a slot ends sooner. */
const SPREAD_MS: Readonly<Record<Lane, number>> = { express: 10, bulk: 100 };

interface Place {
  readonly at: number;
  readonly until: number;
  readonly reserved: boolean;
  readonly after?: number;
}

/** The windows of one limit key while permits are taken from them. Lives for one lease. */
export class PermitBook {
  readonly #windows: WindowState[];
  readonly #share: number;
  /** Of the next start. */
  #units: number;
  /** Ms between calls that the host asks for; 0: none. */
  readonly #apart: number;

  constructor(
    state: PermitState,
    private readonly rules: readonly WindowRule[],
    private readonly demand: Demand,
    private readonly now: number,
  ) {
    this.#windows = [...state.windows];
    this.#units = demand.units;
    this.#share = paceShare(state, now);
    this.#apart = state.stepAtLeast ?? 0;
  }

  windows(): readonly WindowState[] {
    return this.#windows;
  }

  /** Books what was used beyond the permits and what began late, and gives back what was not used. */
  settle(): void {
    const { debt, unused, startedAt } = this.demand;
    this.#each((window, rule) => {
      const owed = window.of === 'calls' ? debt : 0;
      if (window.kind === 'spaced') {
        const kept = startedAt === undefined ? window : this.#after(window, rule, startedAt);
        return owed === 0 ? kept : this.#stepped(kept, rule, owed, this.now);
      }
      return unused.reduce(givenBack, booked(window, owed));
    });
  }

  /** At most `wanted` permits, and when to ask again where they were fewer. */
  take(lane: Lane, wanted: number): { permits: Permit[]; nextAt: number } {
    const permits: Permit[] = [];
    while (permits.length < wanted) {
      const place = this.#place(lane);
      if (typeof place === 'number') return { permits: this.#spread(permits, lane), nextAt: place };
      permits.push(this.#units < this.demand.units ? { ...place, units: this.#units } : place);
      this.#book(lane, place.at);
    }
    return { permits: this.#spread(permits, lane), nextAt: 0 };
  }

  /** What is left of a quota goes in a smaller batch: it would lie until the quota comes back. */
  #unitsThatFit(lane: Lane): number {
    let { units } = this.demand;
    for (const [i, window] of this.#windows.entries()) {
      const rule = this.rules[i]!;
      if (window.of === 'calls' || window.kind === 'spaced' || rule.kind === 'spaced' || rule.ms < DAY_MS)
        continue;
      const room = rule.permits - (lane === 'bulk' ? rule.reserve : 0) - window.used;
      if (room >= 1) units = Math.min(units, room);
    }
    return units;
  }

  /** Where the next start may be, or from when on to ask again. */
  #place(lane: Lane): Place | number {
    this.#units = this.#unitsThatFit(lane);
    let at = this.now;
    let late = Infinity;
    let reserved = false;
    let after = 0;
    for (const [i, window] of this.#windows.entries()) {
      if (window.kind !== 'spaced') continue;
      const rule = this.rules[i] as Extract<WindowRule, { kind: 'spaced' }>;
      const early = this.#onReserve(lane, window, rule);
      reserved ||= early;
      const from = Math.max(this.now, early ? window.expressAt : window.nextAt);
      late = Math.min(late, rule.lateMs);
      after = Math.max(after, lastStart(window, rule, this.#apart) ?? 0);
      at = Math.max(at, from);
    }
    const until = late === Infinity ? this.now + CALENDAR_VALID_MS : at + late;
    if (at > this.now + HORIZON_MS[lane]) return at - HORIZON_MS[lane];
    return this.#within(lane, { at, until, reserved, ...(after > 0 ? { after } : {}) });
  }

  #onReserve(lane: Lane, window: Spaced, rule: Extract<WindowRule, { kind: 'spaced' }>): boolean {
    // What a host asks for is asked of all: no lane has a timetable of its own then.
    if (lane === 'bulk' || rule.reserve === 0 || this.#apart > 0 || window.nextAt <= this.now) return false;
    return Math.max(window.expressAt, this.now) < window.nextAt;
  }

  /** Whether the windows that count have room for it. */
  #within(lane: Lane, place: Place): Place | number {
    let { until } = place;
    for (const [i, window] of this.#windows.entries()) {
      if (window.kind === 'spaced') continue;
      const rule = this.rules[i]!;
      const next =
        window.kind === 'sliding'
          ? this.#slidingNext(lane, window, rule as Extract<WindowRule, { kind: 'sliding' }>)
          : this.#calendarNext(lane, window, rule as Extract<WindowRule, { kind: 'calendar' }>);
      if (next > 0) return next;
      const end = window.kind === 'sliding' ? slotEnd(window) : window.resetsAt;
      if (place.at >= end) return window.kind === 'sliding' ? nextSlot(window) : end;
      until = Math.min(until, end);
    }
    return { ...place, until };
  }

  #slidingNext(lane: Lane, window: Sliding, rule: Extract<WindowRule, { kind: 'sliding' }>): number {
    const cost = this.#cost(window);
    const kept = lane === 'bulk' ? rule.reserve : 0;
    if (window.used > 0 && window.used + cost > Math.max(1, rule.permits * this.#share) - kept)
      return roomAtPace(window, { cost, kept, share: this.#share }, this.now);
    const inSlot = window.taken[0]!;
    const full = lane === 'bulk' && inSlot > 0 && inSlot + cost > rule.bulkPerSlot;
    return full ? nextSlot(window) : 0;
  }

  #calendarNext(lane: Lane, window: Calendar, rule: Extract<WindowRule, { kind: 'calendar' }>): number {
    const most = rule.permits - (lane === 'bulk' ? rule.reserve : 0);
    return window.used > 0 && window.used + this.#cost(window) > most ? window.resetsAt : 0;
  }

  #book(lane: Lane, at: number): void {
    this.#each((window, rule) => {
      const cost = this.#cost(window);
      if (window.kind !== 'spaced') return booked(window, cost);
      if (rule.kind !== 'spaced' || !this.#onReserve(lane, window, rule))
        return this.#stepped(window, rule, cost, at);
      return {
        ...window,
        expressAt: Math.max(window.expressAt, at) + stepMs(rule, cost, true) / this.#share,
      };
    });
  }

  #after(window: Spaced, rule: WindowRule, startedAt: number): Spaced {
    if (rule.kind !== 'spaced') return window;
    const nextAt = startedAt + longerStepMs(rule, this.#apart, this.#cost(window)) / this.#share;
    return nextAt > window.nextAt ? { ...window, nextAt } : window;
  }

  #stepped(window: Spaced, rule: WindowRule, permits: number, at: number): Spaced {
    if (rule.kind !== 'spaced') return window;
    const rested = rule.permits >= WARMS_UP_FROM && at > window.nextAt + rule.spanMs;
    const warmUntil = rested ? at + rule.spanMs : window.warmUntil;
    const slower = warmUntil !== undefined && at < warmUntil ? WARMING : 1;
    const step = Math.max(stepMs(rule, permits) * slower, hostStepMs(rule, this.#apart, permits));
    const nextAt = Math.max(window.nextAt, at) + step / this.#share;
    return warmUntil === undefined ? { ...window, nextAt } : { ...window, nextAt, warmUntil };
  }

  /** Starts of a timetable have their places; others are spread over what is left of the slot. */
  #spread(permits: readonly Permit[], lane: Lane): Permit[] {
    if (this.#windows.some(({ kind }) => kind === 'spaced')) return [...permits];
    return permits.map((permit, i) => {
      const gap = Math.min(SPREAD_MS[lane], (permit.until - this.now) / (permits.length + 1));
      return { ...permit, at: this.now + i * gap };
    });
  }

  #cost({ of }: WindowState): number {
    return of === 'calls' ? this.demand.calls : this.#units;
  }

  #each(change: (window: WindowState, rule: WindowRule) => WindowState): void {
    for (const [i, window] of this.#windows.entries()) this.#windows[i] = change(window, this.rules[i]!);
  }
}

function booked(window: Sliding | Calendar, permits: number): Sliding | Calendar {
  const used = window.used + permits;
  if (window.kind === 'calendar') return { ...window, used };
  return { ...window, used, taken: window.taken.with(0, window.taken[0]! + permits) };
}

function nextSlot(window: Sliding): number {
  return (window.slot + 1) * slotMs(window);
}

function slotEnd(window: Sliding): number {
  return nextSlot(window) - Math.min(MOST_SLOT_GUARD_MS, slotMs(window) * SLOT_GUARD);
}

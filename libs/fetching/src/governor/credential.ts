import type { Lane, SkipReason } from '@assay/contracts';
import { expectedWait, othersQueued, shareLeft, type Queued } from '../permits/expected-wait.js';
import { isTooNear, type Demand, type InHand, type Lease } from '../permits/permit.js';
import { keptApart, turned, type PermitState } from '../permits/permit-state.js';
import { stateWithout, withMore, type Unused } from '../permits/unused.js';
import { isFarApart, type WindowRule } from '../permits/window-rule.js';
import { LastStarts } from './last-starts.js';

/** What a key that has no permits wants of the shared ones; whose wish it is, is added by the runtime. */
export type Order = Omit<Demand, 'worker'>;

/** One of our keys at a provider, or the lack of one: its permits at one limit key, and until when it pauses. */
export class Credential {
  pausedUntil = 0;
  pausedBy: SkipReason = 'quota';
  /** Refusals for want of permits since the last answer. */
  throttles = 0;
  /** A lease is on its way. */
  asked = false;
  /** Asking for a permit before this is in vain. */
  nextAt = 0;
  #permits: InHand[] = [];
  #state: PermitState | undefined;
  #ahead = 0;
  #ordered: Order | undefined;
  #debt = 0;
  /** Of a late start that the shared permits do not know of, by our own clock. */
  #startedAt: number | undefined;
  /** Ms between calls that the host asks for and the shared permits do not know of; 0: none. */
  #apart = 0;
  #unused: readonly Unused[] = [];
  readonly #lastStarts: LastStarts;
  readonly #limitsUnits: boolean;
  /** Some of its windows are not spaced, and get back what was not used. */
  readonly #counts: boolean;

  constructor(
    /** Place among the provider's keys. */
    readonly index: number,
    private readonly rules: readonly WindowRule[],
    private readonly worker = '',
  ) {
    this.#lastStarts = new LastStarts(rules);
    this.#limitsUnits = rules.some(({ of }) => of === 'units');
    this.#counts = rules.some(({ kind }) => kind !== 'spaced');
  }

  get limited(): boolean {
    return this.rules.length > 0;
  }

  get limitsCalls(): boolean {
    return this.rules.some(({ of }) => of === 'calls');
  }

  /** Its starts follow a timetable on which each stands far from the next. */
  get isFarApart(): boolean {
    return this.stepAtLeast > 0 || this.rules.some(isFarApart);
  }

  /** Ms between calls that the host itself asks for, as far as is known; 0: none. */
  get stepAtLeast(): number {
    return this.#state?.stepAtLeast ?? 0;
  }

  get inHand(): number {
    return this.#permits.length;
  }

  /** Starts that are on order, or have a permit that is still good, for a start by then. */
  awaited(now: number, by = Infinity): number {
    this.#dropExpired(now);
    const { express = 0, bulk = 0 } = this.#ordered?.starts ?? {};
    return this.#permits.filter(({ at }) => at <= by).length + express + bulk;
  }

  /** Earliest time of a start on this lane, a pause included; undefined where a lease must be asked for. */
  startsAt(lane: Lane, now: number): number | undefined {
    if (this.pausedUntil > now) return this.pausedUntil;
    if (!this.limited) return now;
    this.#dropExpired(now);
    const permit = this.#permits.find(({ reserved }) => lane === 'express' || !reserved);
    return permit?.at;
  }

  /** Units that the next start on this lane may have. */
  unitsOf(lane: Lane): number {
    if (!this.#limitsUnits) return Infinity;
    return this.#permits.find(({ reserved }) => lane === 'express' || !reserved)?.units ?? Infinity;
  }

  /**
   * Spends a permit on so many units; undefined where none is needed. `startsAt` said that there is one. What it pays for
   * beyond them is given back.
   */
  use(lane: Lane, units: number): InHand | undefined {
    const place = this.#permits.findIndex(({ reserved }) => lane === 'express' || !reserved);
    return place < 0 ? undefined : this.spentOn(this.#permits.splice(place, 1)[0]!, units);
  }

  /** A permit that pays for no more than so many units. */
  spentOn(permit: InHand, units: number): InHand {
    if (units >= permit.units || !this.#limitsUnits) return permit;
    this.#leave({ ...permit, calls: 0, units: permit.units - units });
    return { ...permit, units };
  }

  /** No call came of a permit that was spent: a quota gets it back. */
  unspent(permit: InHand): void {
    this.#leave(permit);
  }

  /** Calls that were made beyond what their start had paid for. */
  owe(calls: number): void {
    if (this.limited) this.#debt += calls;
  }

  /** False where a late start was made here a moment ago: sockets that come to stand at once would let a crowd go. */
  isClear(now: number): boolean {
    return now >= this.#lastStarts.nextAfterLate(this.stepAtLeast) || !this.isFarApart;
  }

  /** Whether a call that is later than its permit was good for may start all the same: no closer to the last start than others. */
  mayStartLate(now: number): boolean {
    return now >= this.#lastStarts.nextAt(this.stepAtLeast);
  }

  /** A call starts now. */
  started(permit: InHand | undefined, now: number): void {
    this.#lastStarts.made(permit, now);
  }

  /** A call started later than its permit was good for: what comes too close to it is given up, and all are to know. */
  startedLate(now: number, permit?: InHand): void {
    if (!this.limited) return;
    this.#startedAt = now;
    this.#lastStarts.madeLate(permit, now);
    this.#leaveNearLate();
  }

  /**
   * The host asks for calls at least `ms` apart: permits in hand that were given out closer are given up, and all are to
   * know. False where it is known already, or no more than the limit says.
   */
  keepApart(ms: number, now: number): boolean {
    const known = this.#state ?? turned(undefined, this.rules, now + this.#ahead);
    const state = keptApart(known, this.rules, ms);
    if (state === known) return false;
    this.#state = state;
    this.#apart = ms;
    this.#leaveTooNear();
    return true;
  }

  #leaveTooNear(): void {
    this.#leaveWhere((permit) => isTooNear(permit, this.stepAtLeast));
  }

  /** Those that were given out before all knew of a late start. */
  #leaveNearLate(): void {
    if (this.#startedAt === undefined) return;
    const clearAt = this.#lastStarts.clearOfLate(this.stepAtLeast);
    this.#leaveWhere((permit) => permit.at < clearAt);
  }

  #leaveWhere(isNear: (permit: InHand) => boolean): void {
    const near = this.#permits.filter(isNear);
    if (near.length === 0) return;
    this.#permits = this.#permits.filter((permit) => !near.includes(permit));
    for (const permit of near) this.#leave(permit);
  }

  /** What to ask the shared permits for, with what must be told them. Until `granted` or `refused` it is on its way. */
  order(wanted: Pick<Order, 'starts' | 'calls' | 'units' | 'queued'>): Order {
    this.asked = true;
    const late = this.#startedAt === undefined ? {} : { startedAt: this.#startedAt + this.#ahead };
    const apart = this.#apart > 0 ? { stepAtLeast: this.#apart } : {};
    this.#ordered = { ...wanted, debt: this.#debt, unused: this.#unused, ...late, ...apart };
    this.#startedAt = undefined;
    this.#apart = 0;
    this.#debt = 0;
    this.#unused = [];
    return this.#ordered;
  }

  /** `ahead`: milliseconds by which the clock of the store is ahead of ours. */
  granted({ permits, nextAt }: Lease, state: PermitState, ahead: number, now: number): void {
    const { calls = 1, units = 1 } = this.#ordered ?? {};
    this.asked = false;
    this.#ordered = undefined;
    // What was learnt while this was on its way holds all the same.
    this.#state = this.#apart > 0 ? keptApart(state, this.rules, this.#apart) : state;
    this.#ahead = ahead;
    this.nextAt = nextAt - ahead;
    if (this.hasUnused) this.#reckonWithout(this.#unused);
    for (const { at, until, reserved, after, units: fewer } of permits)
      this.#permits.push({
        at: at - ahead,
        until: until - ahead,
        reserved,
        ...(after === undefined ? {} : { after: after - ahead }),
        calls,
        units: fewer ?? units,
        leasedAt: now + ahead,
      });
    this.#permits.sort((a, b) => a.at - b.at);
    this.#leaveTooNear();
    this.#leaveNearLate();
    const pausedUntil = (state.pausedUntil ?? 0) - ahead;
    if (pausedUntil <= Math.max(now, this.pausedUntil)) return;
    this.pausedUntil = pausedUntil;
    this.pausedBy = state.pausedBy ?? 'quota';
  }

  /** The shared permits were not asked, for all we know: debts are told again, what was given back is not. Both are safe. */
  refused(retryAt: number): void {
    this.asked = false;
    this.nextAt = Math.max(this.nextAt, retryAt);
    this.#debt += this.#ordered?.debt ?? 0;
    const { startedAt, stepAtLeast = 0 } = this.#ordered ?? {};
    this.#apart = Math.max(this.#apart, stepAtLeast);
    if (startedAt !== undefined) this.#startedAt ??= startedAt - this.#ahead;
    this.#ordered = undefined;
  }

  /** Gives up what is in hand: the provider asked for a pause, or the process ends. */
  handBack(): void {
    for (const permit of this.#permits) this.#leave(permit);
    this.#permits = [];
  }

  /** Milliseconds until the last of so many queued ones may start; a pause included. */
  waitFor({ lane, calls, units, express }: Queued, now: number): number {
    const pause = Math.max(0, this.pausedUntil - now);
    if (!this.limited) return pause;
    const own = this.#permits[calls - 1];
    if (own) return Math.max(pause, own.at - now);
    const state = this.#state ?? turned(undefined, this.rules, now);
    const inHand = this.#permits.length;
    const ahead = {
      lane,
      calls: calls - inHand,
      units: Math.max(1, units - inHand * (this.#permits[0]?.units ?? 0)),
      express: Math.max(0, express - inHand),
      others: othersQueued(state, this.worker),
    };
    return Math.max(pause, expectedWait(state, this.rules, ahead, now + this.#ahead));
  }

  /** Share of the scarcest window that is left, 0–1. */
  left(): number {
    return this.#state ? shareLeft(this.#state) : 1;
  }

  /** True where the shared permits do not know yet what it used, or holds what nobody waits for. */
  get hasNews(): boolean {
    return (
      !this.asked &&
      (this.#debt > 0 || this.#apart > 0 || this.#startedAt !== undefined || this.#permits.length > 0)
    );
  }

  /** True where a window gets something back once it is told. */
  get hasUnused(): boolean {
    return this.#counts && this.#unused.length > 0 && !this.asked;
  }

  /** True where others must hear at once what came up while a lease was on its way. */
  get hasUrgentNews(): boolean {
    const tells = this.#apart > 0 || this.#debt > 0;
    return !this.asked && (this.#startedAt !== undefined || (tells && this.stepAtLeast > 0));
  }

  /** An order of nothing: what the shared permits must know, though nothing is wanted of them. */
  news(): Order {
    return this.order({ starts: { express: 0, bulk: 0 }, calls: 1, units: 0, queued: 0 });
  }

  /** True where forgetting it loses nothing: what it used is known to all. */
  idle(now: number): boolean {
    return this.pausedUntil <= now && !this.asked && !this.hasNews;
  }

  #dropExpired(now: number): void {
    while (this.#permits[0] && this.#permits[0].until < now) this.#leave(this.#permits.shift()!);
  }

  #leave({ calls, units, leasedAt: at }: InHand): void {
    const unused = { calls, units, at };
    this.#unused = withMore(this.#unused, unused);
    this.#reckonWithout([unused]);
  }

  /** Before all know of it: a day that seems spent is not, for those who wait here, and asking is not in vain. */
  #reckonWithout(unused: readonly Unused[]): void {
    if (!this.#state || !this.#counts) return;
    this.#state = stateWithout(unused, this.#state);
    this.nextAt = 0;
  }
}

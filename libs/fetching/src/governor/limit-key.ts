import { LANES, type Lane, type SkipReason } from '@assay/contracts';
import type { WindowRule } from '../permits/window-rule.js';
import { Credential } from './credential.js';
import { EndingPace } from './ending-pace.js';
import { EntryQueue, type Entry } from './entry-queue.js';

/** What one limit key (provider, registry, host) has: its queue, what blocks it, and permits for each of our keys. */
export class LimitKey<E extends Entry> {
  readonly queues: Readonly<Record<Lane, EntryQueue<E>>> = {
    express: new EntryQueue<E>(),
    bulk: new EntryQueue<E>(),
  };
  readonly credentials: readonly Credential[];
  readonly listed: Record<Lane, boolean> = { express: false, bulk: false };
  inFlight = 0;
  /** Set by the breaker: half open, one call may try. */
  probing = false;
  /** The call that tries begins by `tryBy`, its first byte leaves by `triesUntil`; 0: nobody said that we may try. */
  tryBy = 0;
  triesUntil = 0;
  blockedUntil = 0;
  blockedBy: SkipReason = 'quota';
  /** When it is looked at again; 0 while nobody has asked for that. */
  wakeAt = 0;
  /** When those who wait were last told how long. */
  checkedAt = 0;
  readonly pace = new EndingPace();

  constructor(
    readonly name: string,
    rules: readonly WindowRule[],
    keys: number,
    worker = '',
  ) {
    this.credentials = Array.from({ length: keys }, (_, index) => new Credential(index, rules, worker));
  }

  get units(): number {
    return this.queues.express.units + this.queues.bulk.units;
  }

  /**
   * Of our keys at the provider: one that may start now or soonest; where several must ask for a permit first, the
   * one that has most left.
   */
  next(lane: Lane, now: number): Credential {
    const [first] = this.credentials;
    if (this.credentials.length === 1) return first!;
    let best = first!;
    let bestAt = Infinity;
    for (const credential of this.credentials) {
      const starts = credential.startsAt(lane, now);
      if (starts !== undefined && starts <= now) return credential;
      const at = starts ?? Math.max(now, credential.nextAt);
      if (at > bestAt || (at === bestAt && credential.left() <= best.left())) continue;
      best = credential;
      bestAt = at;
    }
    return best;
  }

  /** Milliseconds until the last of so many queued ones may start, with all keys that do not pause for longer. */
  waitFor(lane: Lane, calls: number, units: number, now: number): number {
    const ofExpress = lane === 'bulk' ? Math.min(1, this.queues.express.units / units) : 0;
    const queued = { lane, calls, units, express: Math.ceil(calls * ofExpress) };
    // Each of thousands that wait is told by it.
    if (this.credentials.length === 1) return this.credentials[0]!.waitFor(queued, now);
    const free = this.credentials.filter(({ pausedUntil }) => pausedUntil <= now);
    if (free.length === 0) return Math.min(...this.credentials.map((one) => one.waitFor(queued, now)));
    const share = Math.ceil(calls / free.length);
    const shared = {
      lane,
      calls: share,
      units: Math.ceil(units / free.length),
      express: Math.ceil(share * ofExpress),
    };
    return Math.max(...free.map((one) => one.waitFor(shared, now)));
  }

  /** Of all credentials: starts on order, or with a permit for a start by then. */
  awaited(now: number, by?: number): number {
    let all = 0;
    for (const credential of this.credentials) all += credential.awaited(now, by);
    return all;
  }

  get limitsCalls(): boolean {
    return this.credentials[0]!.limitsCalls;
  }

  /** Ms between calls that the host itself asks for; 0: none. */
  get stepAtLeast(): number {
    return Math.max(...this.credentials.map((credential) => credential.stepAtLeast));
  }

  /** Until when all credentials pause. */
  get pausedUntil(): number {
    return Math.min(...this.credentials.map((credential) => credential.pausedUntil));
  }

  /** Why all credentials pause; undefined where one does not. */
  pausedBy(now: number): SkipReason | undefined {
    const last = this.credentials.reduce((a, b) => (b.pausedUntil < a.pausedUntil ? b : a));
    return last.pausedUntil > now ? last.pausedBy : undefined;
  }

  /** Why it makes wait: what blocks it, else its limits. */
  reason(now: number): SkipReason {
    return this.blockedUntil > now ? this.blockedBy : (this.pausedBy(now) ?? 'quota');
  }

  /** Somebody waits for it, or is being asked. */
  get busy(): boolean {
    return this.inFlight > 0 || LANES.some((lane) => this.queues[lane].first);
  }

  /** True where it can be forgotten. */
  idle(now: number): boolean {
    if (this.busy || this.probing || this.blockedUntil > now) return false;
    return this.credentials.every((credential) => credential.idle(now));
  }
}

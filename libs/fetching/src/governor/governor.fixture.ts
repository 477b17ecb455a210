import type { Lane, SkipReason } from '@assay/contracts';
import type { LimitWindow } from '@assay/providers';
import { leasePermits } from '../permits/lease-permits.js';
import type { PermitState } from '../permits/permit-state.js';
import { windowRule } from '../permits/window-rule.js';
import type { Credential, Order } from './credential.js';
import type { Entry } from './entry-queue.js';
import { Governor } from './governor.js';
import type { Granted, GovernorSettings } from './governor-settings.js';
import type { LimitKey } from './limit-key.js';

export class Wish implements Entry {
  readonly units = 1;
  readonly alone = false;
  queued = false;
  gone = false;
  group?: object;
  refused: { at: number; reason: SkipReason } | undefined;

  constructor(
    readonly name: string,
    public lane: Lane = 'bulk',
    readonly waitUntil = Infinity,
    readonly arrivedAt = 0,
  ) {}

  waits(startsAt: number, reason: SkipReason): boolean {
    if (startsAt <= this.waitUntil) return true;
    this.gone = true;
    this.refused = { at: startsAt, reason };
    return false;
  }
}

interface Started {
  at: number;
  key: LimitKey<Wish>;
  names: string[];
}

type Given = Partial<Omit<GovernorSettings<Wish>, 'rules'>> & { readonly limits?: readonly LimitWindow[] };

/** The shared permits, where this process is alone: what an order is given, at once. */
export function soleLeases(limits: readonly LimitWindow[]) {
  const states = new Map<string, PermitState>();
  const rules = limits.map((limit) => windowRule(limit));
  return (key: LimitKey<Wish>, { index }: Credential, order: Order, now: number): Granted => {
    const name = `${key.name} ${index}`;
    const { state, lease } = leasePermits(states.get(name), rules, { ...order, worker: 'one' }, now);
    states.set(name, state);
    return { state, lease, ahead: 0 };
  };
}

/** A governor on a clock that stands until it is moved, whose permits nobody shares. */
export function fixture({ limits = [], ...given }: Given = {}) {
  const started: Started[] = [];
  const wakes: number[] = [];
  const leaseOf = soleLeases(limits);
  let now = 0;
  const governor = new Governor<Wish>({
    rules: limits.map((limit) => windowRule(limit)),
    worker: 'one',
    batch: { size: 1, lingerMs: { express: 0, bulk: 0 } },
    concurrency: 1_000,
    maxKeys: 100,
    start: (key, entries) => started.push({ at: now, key, names: entries.map(({ name }) => name) }),
    wakeAt: (time) => wakes.push(time),
    lease: (key, credential, order) => {
      governor.granted(key, credential, leaseOf(key, credential, order, now), now);
      wakes.push(now);
    },
    sharePause: () => undefined,
    ...given,
  });
  const offer = (wish: Wish, key = 'one') => governor.offer(governor.key(key, now), wish, now);
  const advance = (to: number) => {
    for (let done = false; !done;) {
      const next = Math.min(to, ...wakes);
      wakes.length = 0;
      now = Math.max(now, next);
      governor.pump(now);
      done = next === to && !wakes.some((time) => time <= to);
    }
  };
  const wishes = (names: string, lane: Lane, key?: string) =>
    names.split('').map((name) => {
      const wish = new Wish(name, lane);
      offer(wish, key);
      return wish;
    });
  const names = () => started.flatMap((start) => start.names).join('');
  return { governor, started, offer, advance, wishes, names };
}

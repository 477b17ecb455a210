import { LRUCache } from 'lru-cache';
import { idleAt, turned, type PermitState } from './permit-state.js';
import {
  permitKey,
  type PermitName,
  type PermitStore,
  type PermitWrite,
  type StoredPermits,
} from './permit-store.js';
import type { WindowRule } from './window-rule.js';

/** One change of what all processes know of a limit key. Pure: it may be computed again from another state. */
export interface PermitChange<T> extends PermitName {
  readonly rules: readonly WindowRule[];
  change(state: PermitState, now: number): { readonly state: PermitState; readonly result: T };
  /** Stored. `ahead`: by how many milliseconds the store's clock is ahead of ours. */
  done(result: T, state: PermitState, ahead: number): void;
  /** The store is away: nothing was changed. */
  failed(error: unknown): void;
}

/** States kept to decide from: whoever was alone at a key since needs one statement, not two. */
export const KEPT_STATES = 20_000;
/** Keys of one statement. */
const MOST_KEYS = 500;
/** A change that others forestalled so often is given up for now. */
const MOST_TRIES = 20;

/** More changes in a millisecond than a table can take. */
const REVISIONS_PER_MS = 1_024;

interface Work {
  readonly name: PermitName;
  readonly changes: PermitChange<unknown>[];
  tries: number;
}

interface Decided {
  readonly work: Work;
  readonly write: PermitWrite;
  readonly results: readonly unknown[];
}

/**
 * The way of a process to the shared permits: what gathers while one statement is in flight goes with the next, so
 * that there is a statement a turn and not one a call.
 */
export class PermitDesk {
  readonly #kept = new LRUCache<string, StoredPermits>({ max: KEPT_STATES });
  readonly #work = new Map<string, Work>();
  #ahead = 0;
  #shortestTrip = Infinity;
  #busy = false;
  #scheduled = false;

  constructor(
    private readonly store: PermitStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** Limit keys whose state is kept. */
  get kept(): number {
    return this.#kept.size;
  }

  /** Limit keys with a change that waits for its statement. */
  get waiting(): number {
    return this.#work.size;
  }

  change<T>(change: PermitChange<T>): void {
    const key = permitKey(change);
    const work = this.#work.get(key);
    if (work) work.changes.push(change as PermitChange<unknown>);
    else this.#work.set(key, { name: change, changes: [change as PermitChange<unknown>], tries: 0 });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#busy && this.#work.size > 0) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#busy = true;
    const sent = this.now();
    const at = sent + this.#ahead;
    const decided = this.#take().map((work) => this.#decide(work, at));
    try {
      const { now, lost } = await this.store.write(
        decided.map(({ write }) => write),
        at,
      );
      this.#learn(now, sent, this.now());
      for (const one of decided) this.#settle(one, lost);
    } catch (error) {
      for (const { work } of decided) for (const change of work.changes) change.failed(error);
    } finally {
      this.#busy = false;
      if (this.#work.size > 0) this.#schedule();
    }
  }

  #take(): Work[] {
    const taken: Work[] = [];
    for (const [key, work] of this.#work) {
      if (taken.length === MOST_KEYS) break;
      this.#work.delete(key);
      taken.push(work);
    }
    return taken;
  }

  #decide(work: Work, at: number): Decided {
    const kept = this.#kept.get(permitKey(work.name));
    const { provider, limitKey, credential } = work.name;
    let state = turned(kept?.state, work.changes[0]!.rules, at);
    const results = work.changes.map((change) => {
      const changed = change.change(state, at);
      state = changed.state;
      return changed.result;
    });
    const revision = kept ? kept.revision + 1 : firstRevision(at);
    const place = { provider, limitKey, credential, first: !kept };
    return { work, results, write: { ...place, revision, state, idleAt: idleAt(state) } };
  }

  #settle({ work, write, results }: Decided, lost: ReadonlyMap<string, StoredPermits | undefined>): void {
    const key = permitKey(write);
    if (!lost.has(key)) {
      this.#kept.set(key, { revision: write.revision, state: write.state });
      work.changes.forEach((change, i) => change.done(results[i], write.state, this.#ahead));
      return;
    }
    const stored = lost.get(key);
    if (stored) this.#kept.set(key, stored);
    else this.#kept.delete(key);
    if (++work.tries > MOST_TRIES)
      for (const change of work.changes) change.failed(new PermitsContended(key));
    else this.#again(key, work);
  }

  #again(key: string, work: Work): void {
    const since = this.#work.get(key);
    if (since) work.changes.push(...since.changes);
    this.#work.set(key, work);
  }

  /** The trip that took shortest tells most exactly how far the store's clock is ahead. */
  #learn(storeNow: number, sent: number, received: number): void {
    const trip = received - sent;
    const seen = storeNow - (sent + received) / 2;
    // Clocks drift: an old best trip counts for less and less, and a step is believed at once.
    this.#shortestTrip = Math.min(this.#shortestTrip * 1.05 + 0.1, Math.max(trip, 0.1));
    if (trip <= this.#shortestTrip * 2 || Math.abs(seen - this.#ahead) > trip + 1) this.#ahead = seen;
  }
}

/**
 * A key that was forgotten begins later than it ever was: who remembers an old revision of it wins nothing. Nor does it
 * follow on what another process began a moment before: that would take two beginnings for one change after another.
 */
function firstRevision(at: number): number {
  return Math.floor(at) * REVISIONS_PER_MS;
}

/** Others changed this key each time before us. */
export class PermitsContended extends Error {
  constructor(key: string) {
    super(`the permits of ${key} were changed by others ${MOST_TRIES} times in a row`);
    this.name = 'PermitsContended';
  }
}

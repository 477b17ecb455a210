import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import type { Lane } from '@assay/contracts';
import { callsLikely, callsPaid } from '@assay/providers';
import { isFresh } from '../answers/answer-store.js';
import { answerKey } from '../answers/answer-key.js';
import type { Credential } from '../governor/credential.js';
import { Governor } from '../governor/governor.js';
import type { InHand } from '../permits/permit.js';
import { memoryPermits } from '../permits/memory-permits.js';
import { PermitDesk } from '../permits/permit-desk.js';
import { windowRule, type WindowRule } from '../permits/window-rule.js';
import { RuntimeStopped, type AskRequest, type CellResult, type Wait } from './ask.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { Caller } from './caller.js';
import { answered, cancelled, failed, Flight, lastsUntil, pausedUntil, type Waiter } from './flight.js';
import { withOlder } from './older-answer.js';
import type { Key, Waiting } from './line.js';
import { PermitOffice } from './permit-office.js';
import { ProviderHealth } from './provider-health.js';
import { StepEntry } from './step-entry.js';

/** Answers questions to one provider: stored, shared, limited, guarded, fetched and committed. */
export interface AskRuntime {
  /** Resolves with an outcome, whatever the provider does; rejects where the store is away or after `stop`. */
  ask(request: AskRequest & { readonly mayPark: true }): Promise<CellResult | Wait>;
  ask(request: AskRequest): Promise<CellResult>;
  /** Submissions were paused or cancelled, or partitions went away: whoever is not being asked yet is told. */
  controlled(): void;
  /** Questions that have no outcome yet. */
  readonly pending: number;
  /** Limit keys (hosts, registries) that it knows. */
  readonly limitKeys: number;
  /** Calls that run now. */
  readonly inFlight: number;
  /** Takes nothing more, gives back what has not been asked, ends the calls in flight, commits. */
  stop(): Promise<void>;
}

/** How often expiries are looked at: a cell's answer is at most this late. */
const WATCH_MS = 200;
const DEFAULT_MAX_KEYS = 2_000;
/** Calls in flight get this long to end when the runtime stops; their rows are owed after that. */
const DRAIN_MS = 8_000;
/** Longest a timer may be set for. */
const MAX_TIMER_MS = 3_600_000;

/** Of a batch that is not full: a person waits no longer than this for company, a long list longer, to fill it. */
const MOST_EXPRESS_LINGER_MS = 20;
const BULK_LINGER_MS = 1_000;

export function createAskRuntime(settings: RuntimeSettings): AskRuntime {
  return new Runtime(settings);
}

class Runtime implements AskRuntime {
  readonly #flights = new Map<string, Flight>();
  readonly #steps = new Set<StepEntry>();
  readonly #now: () => number;
  readonly #governor: Governor<Waiting>;
  readonly #health: ProviderHealth;
  readonly #caller: Caller;
  readonly #watch: NodeJS.Timeout;
  readonly #calls = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #stopped = false;
  /** Stopped, and nothing is waited for any more. */
  #over = false;

  constructor(private readonly settings: RuntimeSettings) {
    this.#now = settings.now ?? Date.now;
    this.#governor = this.#createGovernor();
    this.#health = new ProviderHealth(settings, this.#governor, this.#now);
    this.#caller = new Caller(settings, this.#governor, this.#health, this.#steps);
    this.#watch = setInterval(() => this.#expire(), WATCH_MS).unref();
  }

  get pending(): number {
    return this.#flights.size;
  }

  get limitKeys(): number {
    return this.#governor.limitKeys;
  }

  get inFlight(): number {
    return this.#calls.size;
  }

  ask(row: AskRequest & { readonly mayPark: true }): Promise<CellResult | Wait>;
  ask(row: AskRequest): Promise<CellResult>;
  ask(row: AskRequest): Promise<CellResult | Wait> {
    if (this.#stopped) return Promise.reject(new RuntimeStopped());
    const now = this.#now();
    const state = this.settings.control?.stateOf(row);
    if (state === 'cancelled') return Promise.resolve(cancelled(now));
    if (row.expiresAt <= now) return Promise.resolve({ outcome: 'skipped', detail: 'expired', at: now });
    if (state === 'paused' && row.mayPark) return Promise.resolve(pausedUntil(row));
    return new Promise((resolve, reject) => {
      this.#board({ row, waitUntil: lastsUntil(row, now), resolve, reject }, now);
    });
  }

  controlled(): void {
    const now = this.#now();
    for (const step of this.#steps) step.controlled();
    for (const flight of this.#flights.values()) {
      flight.controlled(now);
      this.#giveUpIfGone(flight);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#watch);
    for (const flight of this.#flights.values()) if (!flight.calling) flight.reject(new RuntimeStopped());
    for (const step of this.#steps) step.stop(new RuntimeStopped());
    // A call that begins in this very moment is waited for as well.
    await immediate();
    await Promise.race([Promise.all(this.#calls), wait(DRAIN_MS, undefined, { ref: false })]);
    for (const flight of this.#flights.values()) flight.reject(new RuntimeStopped());
    this.#over = true;
    clearTimeout(this.#timer);
    this.#governor.leave();
    await this.settings.answers.committer.drain();
    this.#health.stop();
  }

  #createGovernor(): Governor<Waiting> {
    const { provider, maxKeys, giveWay, mayStartUntil, worker = '', keys = [] } = this.settings;
    const { limitsFactor = 1 } = this.settings;
    const rules = this.#rules();
    const desk = this.settings.permits ?? new PermitDesk(memoryPermits(this.#now), this.#now);
    const office = new PermitOffice({
      provider: provider.id,
      rules,
      desk,
      worker,
      now: this.#now,
      governor: () => this.#governor,
    });
    return new Governor<Waiting>({
      rules,
      worker,
      limitsFactor,
      credentials: keys.length,
      batch: { size: provider.batch.size, lingerMs: lingers(provider.batch) },
      callsPerBatch: callsPaid(provider),
      callsInAll: callsLikely(provider),
      concurrency: provider.concurrency,
      concurrencyPerKey: provider.concurrencyPerKey,
      maxKeys: maxKeys ?? DEFAULT_MAX_KEYS,
      ...(giveWay && { giveWay }),
      ...(mayStartUntil && { mayStartUntil }),
      start: (key, entries, credential, permit) => this.#start(key, entries, credential, permit),
      wakeAt: (time) => this.#wakeAt(time),
      forgotten: (key) => this.#health.forget(key),
      askToTry: (key) => this.#health.askToTry(key),
      lease: (key, credential, order) => office.lease(key, credential, order),
      sharePause: (key, credential, pause) => office.sharePause(key, credential, pause),
    });
  }

  #rules(): WindowRule[] {
    const { provider, limitsFactor = 1, dailyReserve = 0, keys = [] } = this.settings;
    const keyless = keys.length === 0 ? provider.limitsWithoutKey : undefined;
    return (keyless ?? provider.limits).map((limit) => windowRule(limit, limitsFactor, dailyReserve));
  }

  #board(waiter: Waiter, now: number): void {
    const { question } = waiter.row;
    const name = answerKey(question.surface, this.settings.provider.version, question.unit);
    const flight = this.#flights.get(name);
    if (flight) return this.#join(flight, waiter);
    const remembered = this.#remembered(name, waiter.row, now);
    if (remembered) return waiter.resolve(remembered);
    const { control } = this.settings;
    const ended = () => this.#flights.delete(name);
    const created = new Flight(name, question, now, waiter, this.#now, ended, control);
    this.#flights.set(name, created);
    this.settings.answers.fresh.add(created, this.#admit);
  }

  /** What needs no query: an answer this process has seen, or that the unit failed seconds ago. */
  #remembered(name: string, row: AskRequest, now: number): CellResult | undefined {
    const { kept, failures } = this.settings.answers;
    const answer = kept.get(name);
    if (answer && isFresh(answer, row, now)) return answered(answer);
    const failure = failures.find(name, row.dispatchedAt, now);
    return failure && withOlder(failed(failure, failure.at), answer, row, now);
  }

  #join(flight: Flight, waiter: Waiter): void {
    const now = this.#now();
    const key = this.#caller.keyOf(flight.question);
    flight.join(waiter);
    // First to its own lane: bulk's place in the line is not how long express waits.
    const startsAt =
      key && waiter.row.lane === 'express' ? this.#governor.hurry(key, flight, now) : undefined;
    if (flight.queued) flight.waits(startsAt ?? flight.startsAt, key?.reason(now) ?? 'quota');
    this.#giveUpIfGone(flight);
  }

  /** One function per runtime: by it the shared look-up tells whose flights are whose. */
  readonly #admit = (flights: readonly Flight[]): void => {
    const now = this.#now();
    for (const flight of flights) {
      if (this.#stopped) flight.reject(new RuntimeStopped());
      else this.#queue(flight, now);
    }
    this.#governor.pump(now);
  };

  #queue(flight: Flight, now: number): void {
    if (this.#caller.skip(flight, now) || this.#caller.refuse(flight, now)) return;
    const key = this.#caller.keyOf(flight.question);
    if (key) {
      // Where each host or registry has its own limit, the rows of a slow one must not keep out those of others.
      flight.parksAt = this.#governor.ownLimits ? key : undefined;
      if (this.#mayPass(key, flight, now)) this.#governor.offer(key, flight, now);
    } else flight.settle(failed({ class: 'bad_request', message: 'no limit key for this unit' }, now));
  }

  /** A new row does not overtake those that are parked at its key. */
  #mayPass(key: Key, flight: Flight, now: number): boolean {
    if (!flight.parksAt || !flight.comesNew) return true;
    const behind = this.settings.parkedUntil?.(key.name, flight.lane) ?? 0;
    return behind <= now || flight.waits(behind, key.reason(now));
  }

  #giveUpIfGone(flight: Flight): void {
    if (!flight.gone || !flight.queued) return;
    const key = this.#caller.keyOf(flight.question);
    if (key) this.#governor.giveUp(key, flight);
  }

  #start(key: Key, entries: readonly Waiting[], credential: Credential, permit: InHand | undefined): void {
    const first = entries[0];
    if (first instanceof StepEntry) return first.go({ credential, permit });
    if (this.#stopped) return;
    const call = this.#caller.call(entries as Flight[], { key, credential, permit });
    this.#calls.add(call);
    void call.finally(() => this.#calls.delete(call));
  }

  #wakeAt(time: number): void {
    // A conversation that has begun may need another permit to end.
    if (time >= this.#timerAt || this.#over) return;
    clearTimeout(this.#timer);
    this.#timerAt = time;
    const delay = Math.min(MAX_TIMER_MS, Math.max(0, time - this.#now()));
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      this.#governor.pump(this.#now());
    }, delay);
  }

  /** Ends what waited too long for a place or a reply. */
  #expire(): void {
    const now = this.#now();
    for (const step of this.#steps) if (step.queued) step.expire(now);
    for (const flight of this.#flights.values()) {
      if (flight.expire(now) && flight.queued) this.#caller.refuse(flight, now);
      this.#giveUpIfGone(flight);
    }
  }
}

function lingers({ lingerMs }: { readonly lingerMs: number }): Record<Lane, number> {
  return { express: Math.min(lingerMs, MOST_EXPRESS_LINGER_MS), bulk: BULK_LINGER_MS };
}

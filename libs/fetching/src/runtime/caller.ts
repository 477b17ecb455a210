import { randomUUID } from 'node:crypto';
import type { AskContext, Finding, Question } from '@assay/providers';
import { Till, type Admitted } from '../buying/till.js';
import { metricTable, type MetricTable } from '../calls/check-finding.js';
import { converse } from '../calls/conversation.js';
import { findUnasked } from '../calls/find-unasked.js';
import { ownTimeoutMs } from '../calls/own-timeout.js';
import { SharedReplies } from '../calls/shared-replies.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import { hasRights, rightsUntil } from '../governor/governor-settings.js';
import type { Start } from '../governor/start.js';
import { Conclusion, type Talk } from './conclusion.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { RuntimeStopped } from './ask.js';
import type { Flight } from './flight.js';
import { LostFlights } from './lost-flights.js';
import { Line, type Entered, type Key, type LineSettings, type Waiting } from './line.js';
import type { ProviderHealth } from './provider-health.js';
import { StartedLate, StepRefused, type StepEntry } from './step-entry.js';

/** What an unwell provider's conversation came to: rejected, so that the breaker counts it. */
class Unwell extends Error {
  constructor(readonly findings: Finding[]) {
    super('unwell');
  }
}

/** A process that nobody has heard for long looks so often whether it was heard again. */
const UNHEARD_MS = 250;

/** What the governor gave: a place at a limit key, and one start with one of our keys. */
export interface CallRights extends Start {
  readonly key: Key;
}

/** Makes the calls: what costs is claimed and taken from budgets first, then one conversation per batch, inside the breaker. */
export class Caller {
  readonly #metrics: MetricTable;
  readonly #line: LineSettings;
  readonly #lost: LostFlights;
  readonly #till: Till;
  readonly #conclusion: Conclusion;
  readonly #now: () => number;

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly health: ProviderHealth,
    steps: Set<StepEntry>,
  ) {
    const { provider, transport, answers, keys = [] } = settings;
    const { purchases } = answers;
    this.#now = settings.now ?? Date.now;
    this.#lost = new LostFlights(settings, governor, health, (flight) => this.keyOf(flight.question));
    this.#conclusion = new Conclusion(settings, governor, health, this.#lost);
    const again = (flights: readonly Flight[]) => this.#queueAgain(flights);
    this.#till = new Till({ provider, purchases, keys: keys.length, now: this.#now, again });
    this.#metrics = metricTable(provider.metrics);
    this.#line = {
      provider,
      transport,
      governor,
      now: this.#now,
      steps,
      shared: settings.shared ?? new SharedReplies(),
    };
  }

  /** The limit key of a question; undefined where its unit makes none. */
  keyOf(question: Question): Key | undefined {
    try {
      return this.governor.key(this.settings.provider.limitKey(question), this.#now());
    } catch {
      return undefined;
    }
  }

  /** Ends a flight that nobody can pay for. */
  refuse(flight: Flight, now: number): boolean {
    return this.#till.refuse(flight, now);
  }

  /** Ends a flight that its adapter sends nothing for: it takes no money, no permit, and no place in a batch. */
  skip(flight: Flight, now: number): boolean {
    const finding = findUnasked(this.settings.provider, flight.question, this.#context({ index: 0 }));
    if (finding?.outcome !== 'skipped') return false;
    flight.settle({ outcome: 'skipped', detail: finding.reason, at: now });
    return true;
  }

  /** One call for these flights; never rejects. Takes over the place and the permit that the governor gave. */
  async call(given: readonly Flight[], rights: CallRights): Promise<void> {
    const now = this.#now();
    const flights = given.filter((flight) => !flight.gone && flight.wanted(now) && this.#inTime(flight, now));
    if (flights.length === 0) return this.#letGo(rights);
    const context = this.#context(rights.credential);
    if (!this.#till.concerns(flights)) return this.#talk(rights, context, { flights });
    if (!this.#isAlive) return this.#putOff(flights, rights);
    try {
      const admitted = await this.#till.admit(rights.key, flights, rights.credential, context);
      const alive = this.#isAlive;
      const late = !alive || this.#now() > this.#beginsBy(rights);
      if (!late && this.#wanted(admitted)) return await this.#talk(rights, context, admitted);
      if (admitted.call) await this.settings.answers.purchases.end(admitted.call.brokenOff(0));
      await admitted.settle();
      // Claiming took longer than the permit, the process, or its right to try is good for: these wait for another.
      if (late) this.#queueAgain(admitted.flights, alive ? 0 : UNHEARD_MS);
    } catch (error) {
      for (const flight of flights) flight.reject(error as Error);
    }
    this.#letGo(rights);
  }

  async #talk(
    { key, credential, permit: given }: CallRights,
    context: AskContext,
    { flights, call, through, settle }: Partial<Admitted> & Pick<Admitted, 'flights'>,
  ): Promise<void> {
    const permit = given && credential.spentOn(given, flights.length);
    // What is bought has been claimed, and others may wait for it: it goes.
    const goes = call !== undefined || credential.isFarApart;
    const mayStart = (foreign: boolean, entered?: Entered) =>
      this.#mayStart(entered ?? { key, credential, permit }, goes || foreign || entered !== undefined);
    const line = new Line(this.#line, { ...this.#rights(key, flights), permit, mayStart });
    const exchange = through?.(line.exchange) ?? line.exchange;
    const startedAt = this.#now();
    const talk: Talk = { key, line, flights, credential, permit, context, exchange, call, startedAt };
    for (const flight of flights) flight.calling = true;
    try {
      // Before any of it is asked once more: what was taken and not sent must be there for that.
      const findings = await this.#guarded(talk).finally(settle);
      await this.#conclusion.conclude(talk, findings);
    } catch (error) {
      await this.#conclusion.abandon(talk, error);
    }
  }

  /** Claiming takes a moment: somebody must still wait for it, with the time that the call may take. */
  #wanted({ flights }: Admitted): boolean {
    const now = this.#now();
    return flights.filter((flight) => !flight.gone && this.#inTime(flight, now)).length > 0;
  }

  /** False where others may take this process for dead, and what it buys with it: it buys nothing until it is heard again. */
  get #isAlive(): boolean {
    const { provider, answers } = this.settings;
    return provider.price === undefined || answers.purchases.mayStart();
  }

  #putOff(flights: readonly Flight[], rights: CallRights): void {
    this.#queueAgain(flights, UNHEARD_MS);
    this.#letGo(rights);
  }

  #queueAgain(flights: readonly Flight[], inMs = 0): void {
    const now = this.#now();
    for (const flight of flights) {
      const key = this.keyOf(flight.question);
      if (key && !flight.gone) this.governor.offerAgain(key, [flight], now + inMs, now);
    }
    if (flights.length > 0) setImmediate(() => this.governor.pump(this.#now()));
  }

  #context({ index }: Pick<Credential, 'index'>): AskContext {
    const { userAgent, keys = [] } = this.settings;
    return { key: keys[index] ?? '', userAgent, now: this.#now(), requestId: randomUUID() };
  }

  /** No call came of it: the place is free, and a quota gets its permit back. */
  #letGo({ key, credential, permit }: CallRights): void {
    if (permit) credential.unspent(permit);
    this.governor.release(key);
    // Not at once: this runs inside a pump.
    setImmediate(() => this.governor.pump(this.#now()));
  }

  /**
   * Asked in the instant before the first byte. Where starts are far apart, for a foreign host, whose socket takes long to
   * stand, and at a key that was entered, a late one is made all the same, and the next keep their distance from it; so does
   * another late one.
   */
  #mayStart({ key, credential, permit }: CallRights, goes: boolean): boolean {
    const now = this.#now();
    if (key.probing && now > key.triesUntil) return false;
    if (!credential.isClear(now)) return false;
    if (now <= (permit?.until ?? Infinity)) {
      credential.started(permit, now);
      return true;
    }
    // The socket stays: whoever is next finds it open, so that this ends however slow they are to stand.
    if (!goes || !credential.mayStartLate(now)) return false;
    this.governor.startedLate(key, { credential, permit }, now);
    return true;
  }

  /** Until when the permit is good, the process has rights, and a half-open key may be tried. */
  #beginsBy({ key, permit }: CallRights): number {
    const tryBy = key.probing ? key.tryBy : Infinity;
    return Math.min(permit?.until ?? Infinity, rightsUntil(this.settings), tryBy);
  }

  /** A priced call is not begun with less time left than it may take: we would pay, and this row could not wait for it. */
  #inTime(flight: Flight, now: number): boolean {
    const { provider } = this.settings;
    return flight.expire(provider.price ? now + ownTimeoutMs(provider, flight.lane) : now);
  }

  #rights(key: Key, flights: readonly Flight[]) {
    let expiresAt = 0;
    let waitUntil = 0;
    for (const flight of flights) {
      expiresAt = Math.max(expiresAt, flight.expiresAt);
      waitUntil = Math.max(waitUntil, flight.waitUntil);
    }
    // A bulk question that fills up an express batch keeps its time.
    const lane = flights.every((flight) => flight.lane === 'express') ? 'express' : 'bulk';
    const isCancelled = () => flights.every((flight) => flight.isCancelled);
    const hasRightsNow = () => hasRights(this.settings, this.#now());
    return { key, lane, expiresAt, waitUntil, isCancelled, hasRights: hasRightsNow } as const;
  }

  async #guarded(talk: Talk): Promise<Finding[]> {
    const { key, line } = talk;
    try {
      const result = await this.health.breaker(key).run(
        async () => {
          const findings = await this.#converse(talk).catch(unaskedStep);
          if (findings instanceof Error) return findings;
          if (line.key === key && this.#unwell(findings)) throw new Unwell(findings);
          return findings;
        },
        (said) => !(said instanceof Error) || (line.sent > 0 && !(said instanceof RuntimeStopped)),
      );
      if (result instanceof Error) throw result;
      return result;
    } catch (error) {
      if (error instanceof Unwell) return error.findings;
      throw error;
    }
  }

  async #converse({ key, line, flights, credential, permit, context, exchange }: Talk): Promise<Finding[]> {
    const findings = await converse({
      provider: this.settings.provider,
      metrics: this.#metrics,
      questions: flights.map(({ question }) => question),
      context,
      exchange,
      sending: (requests) => {
        line.sending(requests);
        this.governor.charge(credential, requests, permit);
      },
    });
    if (line.key !== key) this.#countElsewhere(line.key, findings);
    return findings;
  }

  #countElsewhere(key: Key, findings: Finding[]): void {
    const bad = this.#unwell(findings);
    void this.health
      .breaker(key)
      .run(() => (bad ? Promise.reject(new Unwell(findings)) : Promise.resolve()))
      .catch(() => undefined);
  }

  /** True where no question got through and the provider, not the question, is the cause. */
  #unwell(findings: readonly Finding[]): boolean {
    let bad = false;
    for (const finding of findings) {
      if (finding.outcome !== 'failed') return false;
      bad ||= this.#lost.counts(finding);
    }
    return bad;
  }
}

/** A step that had no permit, or none any more, says nothing about the provider's health; nor does the end of this process. */
function unaskedStep(error: unknown): StepRefused | StartedLate | RuntimeStopped {
  if (error instanceof StepRefused || error instanceof StartedLate || error instanceof RuntimeStopped)
    return error;
  throw error;
}

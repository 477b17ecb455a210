import { randomUUID } from 'node:crypto';
import type { Finding, Question } from '@assay/providers';
import { bookCall } from '../answers/book-call.js';
import { newAnswer } from '../answers/new-answer.js';
import { AnswersRefused, type NewAnswer } from '../answers/answer-store.js';
import { metricTable, type MetricTable } from '../calls/check-finding.js';
import { converse } from '../calls/conversation.js';
import { isRefusal } from '../calls/key-breaker.js';
import { SharedReplies } from '../calls/shared-replies.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import type { CellResult } from './ask.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { answered, failed, type Flight } from './flight.js';
import { LostFlights, type Lost } from './lost-flights.js';
import { Line, type Key, type LineSettings, type Waiting } from './line.js';
import type { ProviderHealth } from './provider-health.js';
import { StepRefused, type StepEntry } from './step-entry.js';

/** What an unwell provider's conversation came to: rejected, so that the breaker counts it. */
class Unwell extends Error {
  constructor(readonly findings: Finding[]) {
    super('unwell');
  }
}

const REFUSED_RETRY_MS = 50;

/** Makes the calls: one conversation per batch, inside the breaker, then answers, retries and the ledger. */
export class Caller {
  readonly #metrics: MetricTable;
  readonly #line: LineSettings;
  readonly #lost: LostFlights;
  readonly #now: () => number;

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly health: ProviderHealth,
    steps: Set<StepEntry>,
  ) {
    const { provider, transport } = settings;
    this.#now = settings.now ?? Date.now;
    this.#lost = new LostFlights(settings, governor, health, (flight) => this.keyOf(flight.question));
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

  /** One call for these flights; never rejects. Takes over the place that the governor gave. */
  async call(key: Key, given: readonly Flight[], credential: Credential): Promise<void> {
    const now = this.#now();
    const flights = given.filter((flight) => !flight.gone && flight.wanted(now) && this.#inTime(flight, now));
    if (flights.length === 0) return this.#letGo(key, now);
    const line = new Line(this.#line, this.#rights(key, flights));
    for (const flight of flights) flight.calling = true;
    try {
      const findings = await this.#guarded(key, line, flights, credential);
      await this.#conclude(line, flights, findings, credential, now);
    } catch (error) {
      this.#abandon(key, line, flights, error);
    }
  }

  #letGo(key: Key, now: number): void {
    this.governor.release(key);
    // Not at once: this runs inside a pump.
    setImmediate(() => this.governor.pump(now));
  }

  /**
   * A priced call is not begun with less time left than it is likely to take, a third of its timeout: we would pay, and
   * this row could not wait for it.
   */
  #inTime(flight: Flight, now: number): boolean {
    const { price, timeoutMs } = this.settings.provider;
    return flight.expire(price ? now + timeoutMs / 3 : now);
  }

  #rights(key: Key, flights: readonly Flight[]) {
    let expiresAt = 0;
    let waitUntil = 0;
    for (const flight of flights) {
      expiresAt = Math.max(expiresAt, flight.expiresAt);
      waitUntil = Math.max(waitUntil, flight.waitUntil);
    }
    return { key, lane: flights[0]!.lane, expiresAt, waitUntil };
  }

  async #guarded(
    key: Key,
    line: Line,
    flights: readonly Flight[],
    credential: Credential,
  ): Promise<Finding[]> {
    try {
      const result = await this.health.breaker(key).run(async () => {
        const findings = await this.#converse(key, line, flights, credential).catch(refusedStep);
        if (findings instanceof StepRefused) return findings;
        if (line.key === key && this.#unwell(findings)) throw new Unwell(findings);
        return findings;
      });
      if (result instanceof StepRefused) throw result;
      return result;
    } catch (error) {
      if (error instanceof Unwell) return error.findings;
      throw error;
    }
  }

  async #converse(
    key: Key,
    line: Line,
    flights: readonly Flight[],
    credential: Credential,
  ): Promise<Finding[]> {
    const { provider, userAgent, keys = [] } = this.settings;
    const secret = keys[credential.index] ?? '';
    const findings = await converse({
      provider,
      metrics: this.#metrics,
      questions: flights.map(({ question }) => question),
      context: { key: secret, userAgent, now: this.#now(), requestId: randomUUID() },
      exchange: line.exchange,
      sending: (requests) => this.governor.charge(credential, requests, this.#now()),
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

  /** What did not come to a finding: an open breaker, a step that would wait too long, or a fault of ours. */
  #abandon(key: Key, line: Line, flights: readonly Flight[], error: unknown): void {
    const now = this.#now();
    if (line.sent > 0)
      this.settings.answers.committer.count(this.settings.provider.id, 'skipped', line.sent, 0, now);
    for (const flight of flights) flight.calling = false;
    if (isRefusal(error)) this.governor.offerAgain(key, flights, now + REFUSED_RETRY_MS, now);
    else if (error instanceof StepRefused) {
      const { reason, until } = error;
      settleAll(flights, { outcome: 'skipped', detail: reason, until, at: now });
    } else for (const flight of flights) flight.reject(error as Error);
    line.release();
    this.governor.pump(now);
  }

  async #conclude(
    line: Line,
    flights: readonly Flight[],
    findings: readonly Finding[],
    credential: Credential,
    startedAt: number,
  ): Promise<void> {
    const at = this.#now();
    const answers: NewAnswer[] = [];
    const asked: Flight[] = [];
    const lost: Lost[] = [];
    findings.forEach((finding, i) => {
      const flight = flights[i]!;
      if (finding.outcome === 'failed') lost.push({ flight, finding });
      else if (finding.outcome === 'skipped')
        flight.settle({ outcome: 'skipped', detail: finding.reason, at });
      else {
        answers.push(newAnswer(this.settings.provider, flight.answerKey, flight.question, finding, at));
        asked.push(flight);
      }
    });
    bookCall(this.settings.answers.committer, this.settings.provider, {
      limitKey: line.key.name,
      sent: line.sent,
      findings,
      message: lost[0] && this.#lost.clean(lost[0].finding.message),
      startedAt,
      endedAt: at,
    });
    // The conversation may have ended at another key than it began.
    const own = line.key.credentials[credential.index]!;
    if (answers.length > 0) this.health.answered(line.key, own);
    if (lost.length > 0) this.#lost.take(lost, { line, credential: own, at, asked: flights.length });
    line.release();
    this.governor.pump(at);
    if (answers.length > 0) await this.#commit(asked, answers);
  }

  async #commit(flights: readonly Flight[], answers: readonly NewAnswer[]): Promise<void> {
    try {
      await this.settings.answers.committer.add(answers);
      flights.forEach((flight, i) => flight.settle(answered(answers[i]!)));
    } catch (error) {
      // What no table takes will not be taken at the next try either.
      if (error instanceof AnswersRefused)
        settleAll(flights, failed({ class: 'malformed', message: error.message }, this.#now()));
      else for (const flight of flights) flight.reject(error as Error);
    }
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

/** A step that would wait too long for its permit says nothing about the provider's health. */
function refusedStep(error: unknown): StepRefused {
  if (error instanceof StepRefused) return error;
  throw error;
}

function settleAll(flights: readonly Flight[], result: CellResult): void {
  for (const flight of flights) flight.settle(result);
}

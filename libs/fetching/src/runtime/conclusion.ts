import type { AskContext, Finding } from '@assay/providers';
import { AnswersRefused, type NewAnswer } from '../answers/answer-store.js';
import { callClass } from '../answers/call-class.js';
import { newAnswer } from '../answers/new-answer.js';
import type { OpenCall } from '../buying/open-call.js';
import type { Exchange } from '../calls/conversation.js';
import { pauseByHeaders } from '../calls/rate-headers.js';
import { isRefusal } from '../calls/key-breaker.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import type { InHand } from '../permits/permit.js';
import { seenCall } from '../health/seen-call.js';
import type { CellResult } from './ask.js';
import { answered, failed, type Flight } from './flight.js';
import { isOfOurKey, type Lost, type LostFlights } from './lost-flights.js';
import type { Key, Line, Waiting } from './line.js';
import type { ProviderHealth } from './provider-health.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { StartedLate, StepRefused } from './step-entry.js';

/** One conversation for a batch. */
export interface Talk {
  /** The limit key at which it began. */
  readonly key: Key;
  readonly line: Line;
  readonly flights: readonly Flight[];
  readonly credential: Credential;
  readonly permit: InHand | undefined;
  readonly context: AskContext;
  readonly exchange: Exchange;
  /** Of a priced provider. */
  readonly call: OpenCall | undefined;
  readonly startedAt: number;
}

/** What a batch came to. */
interface Outcome {
  readonly asked: Flight[];
  readonly answers: NewAnswer[];
  readonly lost: Lost[];
}

const REFUSED_RETRY_MS = 50;

/** What follows a conversation: answers and the ledger, what the key must be told, what is asked again. */
export class Conclusion {
  readonly #now: () => number;

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly health: ProviderHealth,
    private readonly lost: LostFlights,
  ) {
    this.#now = settings.now ?? Date.now;
  }

  async conclude(talk: Talk, findings: readonly Finding[]): Promise<void> {
    const at = this.#now();
    const outcome = this.#sort(talk, findings, at);
    const { asked, answers, lost } = outcome;
    const { id } = this.settings.provider;
    this.lost.called(talk.flights);
    this.settings.onCall?.(seenCall(id, talk.line, findings, talk.startedAt, at));
    if (talk.call) {
      // Committed first: the next try of a unit finds its claim ended.
      const message = lost[0] && this.lost.clean(lost[0].finding.message);
      const ended = talk.call.ended(findings, message, at - talk.startedAt);
      const { purchases, committer } = this.settings.answers;
      if (ended.requests === 0)
        committer.count(this.settings.provider.id, ended.class, 0, findings.length, at);
      await this.#commit(asked, answers, () => purchases.end(ended, answers));
      return this.#tell(talk, outcome, at);
    }
    const { committer } = this.settings.answers;
    committer.count(this.settings.provider.id, callClass(findings), talk.line.sent, findings.length, at);
    this.#tell(talk, outcome, at);
    if (answers.length > 0) await this.#commit(asked, answers, () => committer.add(answers));
  }

  /** What did not come to a finding: an open breaker, a step that would wait too long, or a fault of ours. */
  async abandon(talk: Talk, error: unknown): Promise<void> {
    const { key, line, flights, call } = talk;
    const { answers, provider } = this.settings;
    if (call && !call.isEnded)
      await answers.purchases.end(call.brokenOff(this.#now() - talk.startedAt)).catch(() => undefined);
    const now = this.#now();
    if (line.sent > 0 && !call) answers.committer.count(provider.id, 'skipped', line.sent, 0, now);
    for (const flight of flights) flight.calling = false;
    if (isRefusal(error)) this.governor.offerAgain(key, flights, now + REFUSED_RETRY_MS, now);
    else if (error instanceof StartedLate) {
      if (talk.permit && !line.spent) talk.credential.unspent(talk.permit);
      this.governor.offerAgain(key, flights, now, now);
    } else if (error instanceof StepRefused && error.reason === 'cancelled') {
      // Who joined in this moment was not cancelled.
      const wanted = flights.filter((flight) => flight.wanted(now));
      this.governor.offerAgain(key, wanted, now, now);
    } else if (error instanceof StepRefused) {
      const { reason, until } = error;
      const wait = until === undefined ? {} : { until };
      settleAll(flights, { outcome: 'skipped', detail: reason, ...wait, at: now });
    } else for (const flight of flights) flight.reject(error as Error);
    line.release();
    this.governor.pump(now);
  }

  #sort({ flights, call }: Talk, findings: readonly Finding[], at: number): Outcome {
    const outcome: Outcome = { asked: [], answers: [], lost: [] };
    findings.forEach((finding, i) => {
      const flight = flights[i]!;
      if (finding.outcome === 'failed') {
        const mayRetry = !call || call.charged(finding) === 'no';
        outcome.lost.push({ flight, finding, mayRetry });
      } else if (finding.outcome === 'skipped')
        flight.settle({ outcome: 'skipped', detail: finding.reason, at });
      else {
        const { answerKey, question } = flight;
        outcome.answers.push(newAnswer(this.settings.provider, answerKey, question, finding, at));
        outcome.asked.push(flight);
      }
    });
    return outcome;
  }

  #tell({ line, credential, flights }: Talk, { answers, lost }: Outcome, at: number): void {
    // The conversation may have ended at another key than it began.
    const own = line.key.credentials[credential.index]!;
    if (answers.length > 0) this.health.answered(line.key, own);
    const { lastHeaders } = line;
    const pause = lastHeaders && pauseByHeaders(lastHeaders, at);
    if (pause !== undefined && !lost.some(isOfOurKey)) this.health.spent(line.key, own, pause);
    if (lost.length > 0) this.lost.take(lost, { line, credential: own, at, asked: flights.length });
    line.release();
    this.governor.pump(this.#now());
  }

  async #commit(
    flights: readonly Flight[],
    answers: readonly NewAnswer[],
    commit: () => Promise<void>,
  ): Promise<void> {
    try {
      await commit();
      flights.forEach((flight, i) => flight.settle(answered(answers[i]!)));
    } catch (error) {
      // What no table takes will not be taken at the next try either.
      if (error instanceof AnswersRefused)
        settleAll(flights, failed({ class: 'malformed', message: error.message }, this.#now()));
      else for (const flight of flights) flight.reject(error as Error);
    }
  }
}

function settleAll(flights: readonly Flight[], result: CellResult): void {
  for (const flight of flights) flight.settle(result);
}

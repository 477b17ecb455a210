import { retryAfterMs, type Finding } from '@assay/providers';
import { pauseByHeaders } from '../calls/rate-headers.js';
import { RetryBudget } from '../calls/retry-budget.js';
import { countsForBreaker, retryDelay } from '../calls/retry.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import { failed, type Flight } from './flight.js';
import type { Key, Line, Waiting } from './line.js';
import type { ProviderHealth } from './provider-health.js';
import type { RuntimeSettings } from './runtime-settings.js';

export type Failed = Extract<Finding, { outcome: 'failed' }>;

/** A question that came to a failure. */
export interface Lost {
  readonly flight: Flight;
  readonly finding: Failed;
  /** False where it may have been billed: only a person buys it once more. */
  readonly mayRetry: boolean;
}

/** A conversation that ended, with the credential as the key knows it at which it ended. */
export interface Ended {
  readonly line: Line;
  readonly credential: Credential;
  readonly at: number;
  /** Questions that were asked in it. */
  readonly asked: number;
}

/** Failures that say themselves how long our key pauses. */
const OF_OUR_KEY: ReadonlySet<Failed['class']> = new Set(['auth', 'quota', 'rate_limited']);

export function isOfOurKey({ finding }: Pick<Lost, 'finding'>): boolean {
  return OF_OUR_KEY.has(finding.class);
}

/** What becomes of failures: what the key must be told, then again, in halves, or for good. */
export class LostFlights {
  readonly #budget = new RetryBudget();

  constructor(
    private readonly settings: RuntimeSettings,
    private readonly governor: Governor<Waiting>,
    private readonly health: ProviderHealth,
    private readonly keyOf: (flight: Flight) => Key | undefined,
  ) {}

  /** A call was made; those that try again are counted where they are let through. */
  called(flights: readonly Flight[]): void {
    if (flights.some(({ attempts }) => attempts === 0)) this.#budget.called();
  }

  take(lost: readonly Lost[], ended: Ended): void {
    const told = lost.find(({ finding }) => !this.counts(finding)) ?? lost[0]!;
    const until = this.#tellHealth(ended, told.finding);
    const refused =
      lost.length === ended.asked &&
      lost.every(({ finding, mayRetry }) => mayRetry && finding.class === 'bad_request');
    if (refused && ended.asked > 1)
      return this.#bisect(
        ended,
        lost.map(({ flight }) => flight),
      );
    const again: Flight[] = [];
    const random = (this.settings.random ?? Math.random)();
    const allowed = this.#onceAllowed();
    let delay = 0;
    for (const { flight, finding, mayRetry } of lost) {
      flight.askedInVain(ended.at);
      flight.lastFailure = {
        class: finding.class,
        message: this.clean(finding.message),
        facts: finding.facts,
      };
      const wait = mayRetry ? this.#nextWait(flight, finding, ended, { random, allowed }) : undefined;
      if (wait === undefined) this.#giveUp(flight, ended.at, until);
      else {
        delay = Math.max(delay, wait);
        again.push(flight);
      }
    }
    this.#again(again, ended.at + delay, ended.at);
  }

  /** True where it says that the provider is unwell. */
  counts({ class: failure, lasting }: Failed): boolean {
    return !lasting && countsForBreaker(failure, this.settings.provider.breaker);
  }

  /** A provider may quote our key in its error text. */
  clean(message: string): string {
    const { keys = [] } = this.settings;
    return keys.reduce((text, key) => text.replaceAll(key, '[secret]'), message).slice(0, 300);
  }

  /** Where a key of ours is refused or spent and another is not, that one is asked at once: no attempt is counted. */
  #nextWait(
    flight: Flight,
    finding: Failed,
    { line, at }: Ended,
    { random, allowed }: { readonly random: number; readonly allowed: () => boolean },
  ): number | undefined {
    const { keys = [], provider } = this.settings;
    const ofOurKey = finding.class === 'auth' || finding.class === 'quota';
    if (ofOurKey && keys.length > 1 && line.key.pausedBy(at) === undefined) return 0;
    flight.attempts++;
    const delay = retryDelay(finding.class, flight.attempts, finding.lasting ? 0 : provider.retries, random);
    // Too many calls are no sign of trouble: the pause that follows them keeps the pace.
    return delay === undefined || finding.class === 'rate_limited' || allowed() ? delay : undefined;
  }

  /** The batch goes out again as one call, so it takes one retry of the budget, and none where nobody tries again. */
  #onceAllowed(): () => boolean {
    let allowed: boolean | undefined;
    return () => (allowed ??= this.#budget.take());
  }

  #giveUp(flight: Flight, at: number, until: number | undefined): void {
    if (flight.lastFailure) this.settings.answers.failures.keep(flight.answerKey, flight.lastFailure, at);
    flight.settle(this.#failedUntil(flight, at, until));
  }

  #again(flights: readonly Flight[], due: number, now: number): void {
    for (const flight of flights) {
      const key = this.keyOf(flight);
      if (key) this.governor.offerAgain(key, [flight], due, now);
    }
  }

  /** One bad unit may spoil its whole batch: each half is asked alone. */
  #bisect({ line, at }: Ended, flights: readonly Flight[]): void {
    const middle = Math.ceil(flights.length / 2);
    for (const half of [flights.slice(middle), flights.slice(0, middle)]) {
      const group = {};
      for (const flight of half) {
        flight.group = group;
        flight.askedInVain(at);
      }
      this.governor.offerAgain(line.key, half, at, at);
    }
  }

  #tellHealth({ line, credential, at }: Ended, { class: failure, message, retryAfterMs: named }: Failed) {
    const reason = this.clean(message);
    const after = named ?? retryAfterOf(line, at);
    if (failure === 'auth') return this.health.refused(line.key, credential, reason);
    if (failure === 'quota') return this.health.exhausted(line.key, credential, after, reason);
    if (failure === 'rate_limited')
      return this.health.throttle(line.key, credential, after ?? resetOf(line, at), reason);
    return undefined;
  }

  #failedUntil(flight: Flight, at: number, until: number | undefined) {
    const result = failed(flight.lastFailure, at);
    return until === undefined ? result : { ...result, until };
  }
}

function retryAfterOf({ lastHeaders }: Line, now: number): number | undefined {
  return lastHeaders && retryAfterMs(lastHeaders, now);
}

/** Of a refusal without Retry-After. */
function resetOf({ lastHeaders }: Line, now: number): number | undefined {
  return lastHeaders && pauseByHeaders(lastHeaders, now, true);
}

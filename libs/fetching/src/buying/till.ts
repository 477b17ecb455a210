import type { AskContext, Provider } from '@assay/providers';
import { freshSince } from '../answers/answer-store.js';
import { newId } from '../answers/new-id.js';
import type { Exchange } from '../calls/conversation.js';
import type { Credential } from '../governor/credential.js';
import type { AskRequest } from '../runtime/ask.js';
import type { Flight } from '../runtime/flight.js';
import type { Key } from '../runtime/line.js';
import { heedVerdict, unpaid } from './heed-verdict.js';
import { OpenCall } from './open-call.js';
import type { Payer, UnitVerdict, WantedUnit } from './purchase-store.js';
import type { Purchases } from './purchases.js';
import { TakenCalls } from './taken-calls.js';

/** What may be asked now, and how. */
export interface Admitted {
  readonly flights: readonly Flight[];
  /** Of a priced provider. */
  readonly call?: OpenCall;
  /** Wraps the way out: counts, and takes further steps from the budget. */
  through(exchange: Exchange): Exchange;
  /** Said once the call is over, or will not be made: what was taken and not sent goes back. Never rejects. */
  settle(): Promise<void>;
}

export interface TillSettings {
  readonly provider: Provider;
  readonly purchases: Purchases;
  /** Our keys at the provider. */
  readonly keys: number;
  readonly now: () => number;
  /** To be queued once more. */
  readonly again: (flights: readonly Flight[]) => void;
}

/** Offers of one batch for which nobody holds anything: what was found goes to who waits, and it is tried at once. */
const MOST_OFFERS = 4;

/** Whoever could not pay is not asked for so long, so that a list beyond its ceiling spends no permits. */
const SPENT_FOR_MS = 1_000;

/** What stands between a permit and a call that costs: its units are claimed, its price taken from budgets. */
export class Till {
  /** Submissions that could not pay: until when that is believed, and of rows dispatched up to when. */
  readonly #spent = new Map<string, { readonly until: number; readonly dispatchedAt: number }>();

  constructor(private readonly settings: TillSettings) {}

  /** False for a free call for people without a ceiling: it goes out as it is. */
  concerns(flights: readonly Flight[]): boolean {
    return this.settings.provider.price !== undefined || flights.some(({ capped }) => capped);
  }

  /**
   * Takes over a flight, before it has a permit, where nobody who waits for it could pay a moment ago. What has a price
   * is looked up first: it may have been bought, or lost, by another process for these very rows.
   */
  refuse(flight: Flight, now: number): boolean {
    if (!flight.capped || this.#spent.size === 0) return false;
    const { rows } = flight;
    if (!rows.every((row) => row.capped && this.#isSpent(row, now))) return false;
    const { provider, purchases } = this.settings;
    if (provider.price === undefined) flight.settle(unpaid(flight, now));
    else {
      const poor = new Set(rows.map(({ submission }) => submission));
      purchases.watch.wait(flight, (free) => this.#endUnpaid(free, poor));
    }
    return true;
  }

  /** A retry is dispatched later than what could not pay: its ceiling may have been raised. */
  #isSpent({ submission, dispatchedAt }: AskRequest, now: number): boolean {
    const spent = this.#spent.get(submission);
    return spent !== undefined && spent.until > now && dispatchedAt <= spent.dispatchedAt;
  }

  /** Nobody has bought it. Who joined meanwhile may be able to pay. */
  #endUnpaid(flight: Flight, poor: ReadonlySet<string>): void {
    if (flight.calling) return;
    flight.answerThose(
      ({ submission, capped }) => capped === true && poor.has(submission),
      unpaid(flight, this.settings.now()),
    );
    if (!flight.gone && !flight.queued) this.settings.again([flight]);
  }

  /** Flights that are not admitted are answered, wait, or are queued again. Rejects where the database is away. */
  async admit(
    key: Key,
    flights: readonly Flight[],
    credential: Credential,
    context: AskContext,
  ): Promise<Admitted> {
    const calls = this.#requests(flights, context);
    if (!this.settings.provider.price) return this.#afford(flights, calls);
    let left = flights;
    for (let offers = 0; offers < MOST_OFFERS && left.length > 0; offers++) {
      const admitted = await this.#offer(key, left, credential, calls);
      if (admitted.flights.length > 0) {
        this.settings.again(admitted.again);
        return admitted;
      }
      left = admitted.again;
    }
    this.settings.again(left);
    return { flights: [], through: (exchange) => exchange, settle: () => Promise.resolve() };
  }

  async #offer(key: Key, flights: readonly Flight[], credential: Credential, calls: number) {
    const { provider, purchases, keys, now } = this.settings;
    const { perCallMicroUsd = 0, perUnitMicroUsd = 0 } = provider.price ?? {};
    const call = newId(now());
    const verdicts = await purchases.buy({
      call,
      provider: provider.id,
      limitKey: key.name,
      keyId: keys > 0 ? String(credential.index + 1) : '',
      attempt: 1 + Math.max(...flights.map(({ attempts }) => attempts)),
      calls,
      // Whole micro-dollars: a smaller share of one counts as one, never as nothing.
      perCall: Math.ceil(perCallMicroUsd),
      perUnit: Math.ceil(perUnitMicroUsd),
      units: flights.map(wantedUnit).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    });
    const won = flights.filter((_, n) => verdicts.get(n)?.state === 'won');
    const open = new OpenCall(
      call,
      won.map(({ answerKey }) => answerKey),
      purchases.mayStart,
    );
    // What the first step takes is given back with the row of the call.
    const taken = this.#taken(won, calls, []);
    return {
      flights: won,
      again: this.#heed(flights, verdicts),
      call: open,
      through: (exchange: Exchange) => taken.through(open.through(exchange)),
      settle: () => this.#settle(taken, won),
    };
  }

  /** What it says to those who did not win; returns those for whom it is free again. */
  #heed(flights: readonly Flight[], verdicts: ReadonlyMap<number, UnitVerdict>): Flight[] {
    const { purchases, now, again } = this.settings;
    return flights.filter((flight, n) => {
      const verdict = verdicts.get(n);
      if (!verdict || verdict.state === 'won') return false;
      if (verdict.state === 'budget') this.#remember(flight);
      const heeded = heedVerdict(flight, verdict, now());
      if (heeded === 'wait') purchases.watch.wait(flight, (free) => again([free]));
      return heeded === 'again';
    });
  }

  /** A free call: only budgets are asked. */
  async #afford(flights: readonly Flight[], calls: number): Promise<Admitted> {
    const { provider, purchases, again } = this.settings;
    const units = flights.map(wantedUnit);
    const paid = await purchases.store.takeBudget({ provider: provider.id, calls, units });
    const refused = new Map(flights.flatMap((_, n) => (paid.has(n) ? [] : [[n, REFUSED] as const])));
    again(this.#heed(flights, refused));
    const admitted = flights.filter((_, n) => paid.has(n));
    const payers = new Set(
      [...paid.values()].flatMap(({ submission, capped }) => (capped ? submission : [])),
    );
    const taken = this.#taken(admitted, calls, [...payers]);
    return {
      flights: admitted,
      through: (exchange) => taken.through(exchange),
      settle: () => this.#settle(taken, admitted),
    };
  }

  /** A call that is over may have left money to those who paid it: they are not refused on what was known before. */
  async #settle(taken: TakenCalls, flights: readonly Flight[]): Promise<void> {
    await taken.settle();
    for (const { rows } of flights) for (const { submission } of rows) this.#spent.delete(submission);
  }

  #remember(flight: Flight): void {
    const now = this.settings.now();
    for (const [submission, { until }] of this.#spent) if (until <= now) this.#spent.delete(submission);
    for (const { submission, capped, dispatchedAt } of flight.rows) {
      if (!capped) continue;
      const known = this.#spent.get(submission)?.dispatchedAt ?? 0;
      const latest = Math.max(known, dispatchedAt);
      this.#spent.set(submission, { until: now + SPENT_FOR_MS, dispatchedAt: latest });
    }
  }

  #taken(flights: readonly Flight[], calls: number, paidBy: readonly string[]): TakenCalls {
    const { provider, purchases } = this.settings;
    const { store } = purchases;
    const payers = payersOf(flights);
    return new TakenCalls(calls, paidBy, {
      takeOne: async () => {
        if (!payers.some(({ capped }) => capped)) return { payer: undefined };
        const wish = { provider: provider.id, calls: 1, units: [{ n: 0, payers }] };
        const paid = (await store.takeBudget(wish)).get(0);
        return paid && { payer: paid.capped ? paid.submission : undefined };
      },
      giveBack: (submissions, n) => store.giveBack(provider.id, submissions, n),
    });
  }

  /** Requests of the first step: known beforehand, since an adapter is a pure function. */
  #requests(flights: readonly Flight[], context: AskContext): number {
    const { provider } = this.settings;
    if ('steps' in provider) return 1;
    const questions = flights.map(({ question }) => question);
    try {
      return Math.max(1, provider.request(questions, context).length);
    } catch {
      return 1;
    }
  }
}

const REFUSED: UnitVerdict = { state: 'budget', class: undefined, boughtAt: undefined, answer: undefined };

function wantedUnit(flight: Flight, n: number): WantedUnit {
  const oldest = Math.min(...flight.rows.map(freshSince));
  return { n, key: flight.answerKey, seen: flight.offered, oldest, payers: payersOf([flight]) };
}

/** In the order they came, up to the first who has no ceiling. */
function payersOf(flights: readonly Flight[]): Payer[] {
  const payers = new Map<string, Payer>();
  for (const flight of flights)
    for (const { submission, capped = false } of flight.rows) {
      payers.set(submission, { submission, capped: capped || payers.get(submission)?.capped === true });
      if (!capped) return [...payers.values()];
    }
  return [...payers.values()];
}

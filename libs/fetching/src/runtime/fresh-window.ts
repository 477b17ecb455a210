import type { AnswerStore } from '../answers/answer-store.js';
import type { Flight } from './flight.js';

/** Keys of one look-up. */
const MOST_KEYS = 1_000;
/** Look-ups in flight: what comes meanwhile gathers for the next. */
const MOST_LOOKUPS = 2;

/**
 * Looks up stored answers for everything that came in one turn of the loop, in one query. Flights
 * whose rows are not all served go on to `missed`.
 */
export class FreshWindow {
  #gathered: Flight[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(
    private readonly answers: AnswerStore,
    private readonly now: () => number,
    private readonly missed: (flights: Flight[]) => void,
  ) {}

  add(flight: Flight): void {
    this.#gathered.push(flight);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #drain(): void {
    while (this.#gathered.length > 0 && this.#inFlight < MOST_LOOKUPS)
      void this.#lookUp(this.#gathered.splice(0, MOST_KEYS));
  }

  async #lookUp(flights: Flight[]): Promise<void> {
    this.#inFlight++;
    try {
      const stored = await this.answers.findFresh(flights.map(({ answerKey }) => answerKey));
      if (stored.length > 0) this.#offer(flights, new Map(stored.map((answer) => [answer.key, answer])));
      const missed = flights.filter(({ gone }) => !gone);
      if (missed.length > 0) this.missed(missed);
    } catch (error) {
      for (const flight of flights) if (!flight.gone) flight.reject(error as Error);
    } finally {
      this.#inFlight--;
      this.#drain();
    }
  }

  #offer(flights: Flight[], stored: ReadonlyMap<string, Parameters<Flight['offerStored']>[0]>): void {
    const now = this.now();
    for (const flight of flights) {
      const answer = stored.get(flight.answerKey);
      if (answer && !flight.gone) flight.offerStored(answer, now);
    }
  }
}

import { LANES, type Lane } from '@assay/contracts';
import type { AnswerStore } from '../answers/answer-store.js';
import type { Flight } from './flight.js';

/** Keys of one look-up. */
const MOST_KEYS = 1_000;
/** Look-ups of a lane in flight: what comes meanwhile gathers for the next. */
const MOST_LOOKUPS = 2;

/**
 * Looks up stored answers for everything that came in one turn of the loop, in one query. Flights
 * whose rows are not all served go on to `missed`. Each lane has look-ups of its own: express does not
 * wait behind all that bulk has gathered.
 */
export class FreshWindow {
  readonly #gathered: Record<Lane, Flight[]> = { express: [], bulk: [] };
  readonly #inFlight: Record<Lane, number> = { express: 0, bulk: 0 };
  #scheduled = false;

  constructor(
    private readonly answers: AnswerStore,
    private readonly now: () => number,
    private readonly missed: (flights: Flight[]) => void,
  ) {}

  add(flight: Flight): void {
    this.#gathered[flight.lane].push(flight);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const lane of LANES) this.#drain(lane);
    });
  }

  #drain(lane: Lane): void {
    while (this.#gathered[lane].length > 0 && this.#inFlight[lane] < MOST_LOOKUPS)
      void this.#lookUp(lane, this.#gathered[lane].splice(0, MOST_KEYS));
  }

  async #lookUp(lane: Lane, flights: Flight[]): Promise<void> {
    this.#inFlight[lane]++;
    try {
      const stored = await this.answers.findFresh(flights.map(({ answerKey }) => answerKey));
      if (stored.length > 0) this.#offer(flights, new Map(stored.map((answer) => [answer.key, answer])));
      const missed = flights.filter(({ gone }) => !gone);
      if (missed.length > 0) this.missed(missed);
    } catch (error) {
      for (const flight of flights) if (!flight.gone) flight.reject(error as Error);
    } finally {
      this.#inFlight[lane]--;
      this.#drain(lane);
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

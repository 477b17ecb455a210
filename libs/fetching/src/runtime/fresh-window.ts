import { LANES, type Lane } from '@assay/contracts';
import type { AnswerStore } from '../answers/answer-store.js';
import type { Flight } from './flight.js';

/** Keys of one look-up. */
const MOST_KEYS = 1_000;
/** Look-ups of a lane in flight: what comes meanwhile gathers for the next. */
const MOST_LOOKUPS = 2;

type Missed = (flights: Flight[]) => void;

/** A flight and who goes on with it where nothing stored serves it. */
interface Gathered {
  readonly flight: Flight;
  readonly missed: Missed;
}

/**
 * Looks up stored answers for everything that came in one turn of the loop, for all providers of a
 * process, in one query. Flights whose rows are not all served go on to `missed`. Each lane has look-ups
 * of its own: express does not wait behind all that bulk has gathered.
 */
export class FreshWindow {
  readonly #gathered: Record<Lane, Gathered[]> = { express: [], bulk: [] };
  readonly #inFlight: Record<Lane, number> = { express: 0, bulk: 0 };
  #scheduled = false;

  constructor(
    private readonly answers: AnswerStore,
    private readonly now: () => number,
  ) {}

  /** Questions that wait for a look-up. */
  waiting(lane: Lane): number {
    return this.#gathered[lane].length;
  }

  add(flight: Flight, missed: Missed): void {
    this.#gathered[flight.lane].push({ flight, missed });
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

  async #lookUp(lane: Lane, gathered: readonly Gathered[]): Promise<void> {
    this.#inFlight[lane]++;
    try {
      const stored = await this.answers.findFresh(gathered.map(({ flight }) => flight.answerKey));
      if (stored.length > 0) this.#offer(gathered, new Map(stored.map((answer) => [answer.key, answer])));
      for (const [missed, flights] of byWhom(gathered)) missed(flights);
    } catch (error) {
      for (const { flight } of gathered) if (!flight.gone) flight.reject(error as Error);
    } finally {
      this.#inFlight[lane]--;
      this.#drain(lane);
    }
  }

  #offer(
    gathered: readonly Gathered[],
    stored: ReadonlyMap<string, Parameters<Flight['offerStored']>[0]>,
  ): void {
    const now = this.now();
    for (const { flight } of gathered) {
      const answer = stored.get(flight.answerKey);
      if (answer && !flight.gone) flight.offerStored(answer, now);
    }
  }
}

function byWhom(gathered: readonly Gathered[]): Map<Missed, Flight[]> {
  const groups = new Map<Missed, Flight[]>();
  for (const { flight, missed } of gathered) {
    if (flight.gone) continue;
    const group = groups.get(missed);
    if (group) group.push(flight);
    else groups.set(missed, [flight]);
  }
  return groups;
}

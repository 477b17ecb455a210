import type { Flight } from '../runtime/flight.js';
import { heedVerdict } from './heed-verdict.js';
import type { PurchaseStore, UnitVerdict } from './purchase-store.js';

/** How long whoever waits for another's purchase goes without news. */
const LOOK_EVERY_MS = 250;
const MOST_KEYS = 1_000;
const NOBODY: UnitVerdict = { state: 'free', class: undefined, boughtAt: undefined, answer: undefined };

/** Flights whose units are being bought by somebody else: told what came of it, by one query for all of them. */
export class ClaimWatch {
  readonly #waiting = new Map<Flight, (flight: Flight) => void>();
  #looking = false;

  constructor(
    private readonly store: PurchaseStore,
    private readonly now: () => number,
    /** Ends what nobody ends any more. May reject. */
    private readonly endOrphans: () => Promise<void>,
  ) {}

  /** `again` is called with it where it may be tried once more. Its expiry is watched by whoever asked. */
  wait(flight: Flight, again: (flight: Flight) => void): void {
    this.#waiting.set(flight, again);
    this.#later();
  }

  #later(): void {
    if (this.#looking) return;
    this.#looking = true;
    setTimeout(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  async #look(): Promise<void> {
    const flights = this.#living();
    try {
      if (flights.length > 0) await this.endOrphans();
      for (let at = 0; at < flights.length; at += MOST_KEYS)
        await this.#tell(flights.slice(at, at + MOST_KEYS));
    } catch (error) {
      for (const flight of flights) flight.reject(error as Error);
    }
    this.#looking = false;
    if (this.#living().length > 0) this.#later();
  }

  async #tell(flights: readonly Flight[]): Promise<void> {
    const verdicts = await this.store.look(flights.map(({ answerKey }) => answerKey));
    for (const flight of flights) {
      if (flight.gone) continue;
      const heeded = heedVerdict(flight, verdicts.get(flight.answerKey) ?? NOBODY, this.now());
      if (heeded === 'wait') continue;
      const again = this.#waiting.get(flight)!;
      this.#waiting.delete(flight);
      if (heeded === 'again') again(flight);
    }
  }

  #living(): Flight[] {
    for (const flight of this.#waiting.keys()) if (flight.gone) this.#waiting.delete(flight);
    return [...this.#waiting.keys()];
  }
}

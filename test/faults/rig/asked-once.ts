import type { SubmissionView } from '@assay/contracts';
import { countedQuestions, minus, mostQuestions, storedQuestions, type Questions } from '../call-books.js';
import type { OwnAssertion } from './own-assertions.js';
import type { RigSystem } from './rig-system.js';

/** After one of our processes was ended, and nothing else: no question is put twice but those that were in flight at a kill. */
export class AskedOnce implements OwnAssertion {
  #since = new Date();
  #inFlight: Questions = {};

  constructor(
    private readonly rig: RigSystem,
    /** Only who asks has questions in flight. */
    private readonly isAsker: boolean,
    private readonly deadSites: number,
  ) {}

  async begin(): Promise<void> {
    this.#since = await this.rig.now();
  }

  async down(): Promise<void> {
    if (this.isAsker) this.#inFlight = minus(await this.#counted(), await this.#stored());
  }

  async faults(_: unknown, view: SubmissionView): Promise<string[]> {
    const [counted, stored] = await Promise.all([this.#counted(), this.#stored()]);
    const page = view.asks.find(({ ask }) => ask === 'page')!;
    const most = mostQuestions(stored, this.#inFlight, page.failed + page.skipped - this.deadSites);
    return Object.entries(counted).flatMap(([provider, questions]) =>
      questions > most[provider]!
        ? [`${questions} questions were put to ${provider}, of which ${most[provider]} are accounted for`]
        : [],
    );
  }

  async #counted(): Promise<Questions> {
    return countedQuestions(await this.rig.test.simulator.counts());
  }

  #stored(): Promise<Questions> {
    return storedQuestions(this.rig.test.database, this.#since);
  }
}

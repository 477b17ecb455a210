import { setTimeout as pause } from 'node:timers/promises';
import { quickDomains } from '../test-urls.js';
import { lateExits } from './late-exits.js';
import type { OwnAssertion } from './own-assertions.js';
import type { RigSystem } from './rig-system.js';
import type { Struck } from './strike.js';

const LINES_EACH = 4;
const EVERY_MS = 300;
/** Handed in after the kill: some while the database is away, some when it is back. */
const LISTS_AFTER = 30;

/** Small lists are handed in until some time after the kill: each that was acknowledged is there, with every line. */
export class Acknowledged implements OwnAssertion {
  readonly #ids: string[] = [];
  #refused = 0;
  #left = Infinity;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly rig: RigSystem,
    private readonly say: (text: string) => void,
  ) {}

  begin(): Promise<void> {
    this.#sending = this.#send();
    return Promise.resolve();
  }

  down(): Promise<void> {
    this.#left = LISTS_AFTER;
    return Promise.resolve();
  }

  async faults(struck: readonly Struck[]): Promise<string[]> {
    this.#left = Math.min(this.#left, LISTS_AFTER);
    await this.#sending;
    this.say(`${this.#ids.length} lists acknowledged, ${this.#refused} refused; each is looked for`);
    const faults = lateExits(struck);
    if (this.#ids.length === 0) faults.push('nothing was acknowledged');
    for (const id of this.#ids) {
      const lines = await this.#lines(id);
      if (lines !== LINES_EACH) faults.push(`${id} was acknowledged and has ${lines} of ${LINES_EACH} lines`);
      else await this.rig.test.api.finished(id, 80_000);
    }
    return faults;
  }

  async #send(): Promise<void> {
    const domains = quickDomains('acknowledged', LINES_EACH);
    for (; this.#left > 0; this.#left--) {
      const urls = domains.map((domain) => `https://${domain}/${Date.now()}-${this.#left}`);
      await this.rig.test.api.submit(urls, { lane: 'bulk', deadlineMs: '60000', round1Ms: '30000' }).then(
        ({ id }) => this.#ids.push(id),
        () => (this.#refused += 1),
      );
      await pause(EVERY_MS);
    }
  }

  async #lines(id: string): Promise<number> {
    const { rows } = await this.rig.test.database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM submission_line WHERE submission = $1',
      [id],
    );
    return rows[0]!.n;
  }
}

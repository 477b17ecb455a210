import { setTimeout as pause } from 'node:timers/promises';
import type { SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { quickDomains } from '../test-urls.js';
import { AskedOnce } from './asked-once.js';
import { deadSitesOf, serviceOf, type Blow, type Cell } from './cells.js';
import type { RigSystem } from './rig-system.js';
import type { Struck } from './strike.js';

/** What a cell asserts that no other does. */
export interface OwnAssertion {
  begin?(): Promise<void>;
  /** Right after a process was killed. */
  down?(): Promise<void>;
  /** When the list is complete. In words, what does not hold. */
  faults(struck: readonly Struck[], view: SubmissionView): Promise<string[]>;
}

export function ownAssertion(rig: RigSystem, cell: Cell, say: (text: string) => void): OwnAssertion {
  if (cell.own === 'priced-calls') return new PricedCalls(rig);
  if (cell.own === 'acknowledged') return new Acknowledged(rig, say);
  const [{ fault, victim }, ...others] = cell.blows as [Blow, ...Blow[]];
  if (fault === 'sigkill' && others.length === 0 && cell.circumstance === 'steady' && serviceOf(victim))
    return new AskedOnce(rig, victim === 'fetcher', deadSitesOf(cell));
  return { faults: async (struck) => lateExits(struck) };
}

const EXIT_WITHIN_MS = 10_000;

/** Asked to end under load, a process of ours says goodbye with 0 in time; parts have ways of their own. */
function lateExits(struck: readonly Struck[]): string[] {
  return struck.flatMap(({ victim, exit }) => {
    if (!exit || victim === 'broker' || victim === 'postgres') return [];
    if (exit.ms > EXIT_WITHIN_MS) return [`${victim} took ${exit.ms} ms to end`];
    return exit.how.includes('code 0') ? [] : [`${victim} did not end with 0: ${exit.how}`];
  });
}

/** Added to a priced call: it ends within the 8 s that a call in flight is given; it does not. */
const ENDING_MS = 6_000;
const OUTLASTING_MS = 12_000;
const IN_FLIGHT_WITHIN_MS = 50_000;

/**
 * Upon SIGTERM no unit whose call ends within 8 s is asked twice; a priced call that takes longer is cut off, not asked
 * again, and its charge is unknown.
 */
class PricedCalls implements OwnAssertion {
  constructor(private readonly rig: RigSystem) {}

  async begin(): Promise<void> {
    await this.rig.test.simulator.fault('moz', 'slow', { ms: ENDING_MS });
  }

  async faults(struck: readonly Struck[]): Promise<string[]> {
    const counts = await this.rig.test.simulator.counts();
    const twice = ['moz', 'rdap', 'safebrowsing', 'openpagerank'].flatMap((provider) => {
      const repeated = counts[provider]?.repeatedUnits ?? 0;
      return repeated > 0 ? [`${repeated} units of ${provider} were asked twice around SIGTERM`] : [];
    });
    const unknown = await this.#unknown();
    const short = unknown > 0 ? [`${unknown} calls of ${ENDING_MS} ms are charged unknown`] : [];
    return [...lateExits(struck), ...twice, ...short, ...(await this.#longer())];
  }

  /** A small list whose priced calls outlast the drain. */
  async #longer(): Promise<string[]> {
    const { api, simulator, system, notes } = this.rig.test;
    await simulator.clearFaults('moz');
    await simulator.fault('moz', 'slow', { ms: OUTLASTING_MS });
    const before = (await simulator.counts())['moz']!;
    const { id } = await api.submit(
      quickDomains('outlasting', 30).map((domain) => `https://${domain}/`),
      { lane: 'bulk', round1Ms: '25000', deadlineMs: '60000' },
    );
    await eventually(
      () => this.#inFlight(),
      (calls) => calls > 0,
      IN_FLIGHT_WITHIN_MS,
    );
    const said = notes.length;
    const back = system.supervisor.service('fetcher.others').nextReady();
    system.supervisor.service('fetcher.others').signal('SIGTERM');
    await back;
    await api.finished(id, 80_000);
    await simulator.clearFaults('moz');
    const after = (await simulator.counts())['moz']!;
    const twice = after.repeatedUnits - before.repeatedUnits;
    return [
      ...(twice > 0 ? [`${twice} units of calls that were cut off were bought again`] : []),
      ...((await this.#unknown()) === 0
        ? [`no call that was cut off is charged unknown: ${await this.#calls()}`]
        : []),
      ...(notes.slice(said).some((note) => note.startsWith('fetcher.others ended')) ? [] : ['no end seen']),
    ];
  }

  async #unknown(): Promise<number> {
    return this.#count(`charged = 'unknown' AND provider = 'moz'`);
  }

  /** By how they ended, for a failed cell to be read. */
  async #calls(): Promise<string> {
    const { rows } = await this.rig.test.database.query(
      `SELECT class, charged, count(*)::int AS calls, sum(units)::int AS units FROM call
        WHERE started_at >= $1 AND provider = 'moz' GROUP BY 1, 2`,
      [this.#since],
    );
    return JSON.stringify(rows);
  }

  async #inFlight(): Promise<number> {
    return this.#count(`ended_at IS NULL AND provider = 'moz'`);
  }

  /** Calls of this cell: other cells may have left some that are charged unknown. */
  readonly #since = new Date();
  async #count(condition: string): Promise<number> {
    const { rows } = await this.rig.test.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM call WHERE started_at >= $1 AND ${condition}`,
      [this.#since],
    );
    return rows[0]!.n;
  }
}

const LINES_EACH = 4;
const EVERY_MS = 300;
/** Handed in after the kill: some while the database is away, some when it is back. */
const LISTS_AFTER = 30;

/** Small lists are handed in until some time after the kill: each that was acknowledged is there, with every line. */
class Acknowledged implements OwnAssertion {
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

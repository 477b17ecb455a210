import { eventually } from '@assay/testing';
import { quickDomains } from '../test-urls.js';
import type { SubmissionView } from '@assay/contracts';
import { AskedOnce } from './asked-once.js';
import { lateExits } from './late-exits.js';
import type { OwnAssertion } from './own-assertions.js';
import type { RigSystem } from './rig-system.js';
import { FETCHER } from './links.js';
import { ended, type Struck } from './strike.js';

/** Added to a priced call: it ends within the 8 s that a call in flight is given; it does not. */
const ENDING_MS = 6_000;
const OUTLASTING_MS = 12_000;
/** Calls that still go well, so that the blow need not wait for all before it. */
const QUICK_CALLS = 8;
const IN_FLIGHT_WITHIN_MS = 50_000;

/**
 * Upon SIGTERM no unit whose call ends within 8 s is asked twice; a priced call that takes longer is cut off, not asked
 * again, and its charge is unknown.
 */
export class PricedCalls implements OwnAssertion {
  readonly #once: AskedOnce;

  constructor(
    private readonly rig: RigSystem,
    deadSites: number,
  ) {
    this.#once = new AskedOnce(rig, false, deadSites);
  }

  async begin(): Promise<void> {
    await this.#once.begin();
    await this.rig.test.simulator.fault('moz', 'slow', { ms: ENDING_MS, after: QUICK_CALLS });
  }

  async faults(struck: readonly Struck[], view: SubmissionView): Promise<string[]> {
    const twice = await this.#once.faults(struck, view);
    const unknown = await this.#unknown();
    const short = unknown > 0 ? [`${unknown} calls of ${ENDING_MS} ms are charged unknown`] : [];
    const missed = (await this.#met(struck[0]!)) === 0 ? ['the blow met no priced call in flight'] : [];
    return [...lateExits(struck), ...twice, ...short, ...missed, ...(await this.#longer())];
  }

  /** A small list whose priced calls outlast the drain. */
  async #longer(): Promise<string[]> {
    const { api, simulator } = this.rig.test;
    // Cells end at their deadline, calls when they are answered.
    await eventually(
      () => this.#inFlight(),
      (calls) => calls === 0,
      IN_FLIGHT_WITHIN_MS,
    );
    await simulator.clearFaults('moz');
    await simulator.fault('moz', 'slow', { ms: OUTLASTING_MS });
    const before = (await simulator.counts())['moz']!;
    const { id } = await api.submit(
      quickDomains('outlasting', 30).map((domain) => `https://${domain}/`),
      { lane: 'bulk', round1Ms: '25000', deadlineMs: '60000' },
    );
    // Sent, not only claimed: what was never sent is given back.
    await eventually(
      async () => (await simulator.counts())['moz']!.calls,
      (calls) => calls > before.calls,
      IN_FLIGHT_WITHIN_MS,
    );
    const blow = { fault: 'sigterm', victim: 'fetcher' } as const;
    const struck = { ...blow, ...(await ended(this.rig, FETCHER)) };
    // What was cut off is: the rest need not last as long.
    await simulator.clearFaults('moz');
    await api.finished(id, 80_000);
    const after = (await simulator.counts())['moz']!;
    const twice = after.repeatedUnits - before.repeatedUnits;
    return [
      ...lateExits([struck]),
      ...(twice > 0 ? [`${twice} units of calls that were cut off were bought again`] : []),
      ...((await this.#unknown()) === 0
        ? [`no call that was cut off is charged unknown: ${await this.#calls()}`]
        : []),
    ];
  }

  #unknown(): Promise<number> {
    return this.#count(`charged = 'unknown'`);
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

  #inFlight(): Promise<number> {
    return this.#count('ended_at IS NULL');
  }

  /** Calls that were in flight when the blow fell, and have ended. */
  #met({ at }: Struck): Promise<number> {
    return this.#count(`'${at.toISOString()}' BETWEEN started_at AND ended_at`);
  }

  /** Calls of this cell: other cells may have left some that are charged unknown. */
  readonly #since = new Date();
  async #count(condition: string): Promise<number> {
    const { rows } = await this.rig.test.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM call
        WHERE started_at >= $1 AND provider = 'moz' AND ${condition}`,
      [this.#since],
    );
    return rows[0]!.n;
  }
}

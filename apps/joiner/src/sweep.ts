import { LANES, type Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Logger } from '@assay/telemetry';
import { setTimeout as wait } from 'node:timers/promises';
import { duePartitions, dueRows } from './due-rows.js';
import type { RowWork } from './flush-rows.js';
import { PassedEnds, type Positions } from './passed-ends.js';
import { readTroubles } from './provider-troubles.js';
import type { Troubles } from './row-end.js';

export interface SweepSettings {
  readonly database: Database;
  readonly positions: Positions;
  readonly logger: Logger;
  /** Pause between two looks. A row may be final this much, and one flush, after its deadline. */
  readonly everyMs: number;
  /** Resolves when all that follows is committed and acknowledged. */
  work(lane: Lane, rows: readonly RowWork[]): Promise<void>;
}

const ROWS_PER_SWEEP = 500;

/**
 * Ends what no message ends: on the partitions owned now, rows whose round one closes, whose deadline
 * has passed, or that people wait to see. Nothing is lost where it fails or is killed: a row stays
 * due until what follows from it is out.
 */
export class Sweep {
  readonly #ends: Readonly<Record<Lane, PassedEnds>>;
  readonly #stopped = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: SweepSettings) {
    const ends = (lane: Lane) => new PassedEnds(lane, settings.positions);
    this.#ends = { express: ends('express'), bulk: ends('bulk') };
  }

  start(): void {
    this.#running = Promise.all(LANES.map((lane) => this.#run(lane)));
  }

  /** Resolves when the sweep in hand has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(lane: Lane): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.sweep(lane).catch((error: unknown) =>
        this.settings.logger.warn({ err: error, lane }, 'the sweep failed; what was due stays due'),
      );
      await wait(this.settings.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look at a lane, until nothing is due that may be judged. */
  async sweep(lane: Lane): Promise<void> {
    const { database, positions } = this.settings;
    const due = await duePartitions(database, lane, positions.assigned());
    if (due.partitions.length === 0) return;
    await this.#ends[lane].sample(due.partitions, due.now);
    const passed = this.#ends[lane].passed();
    if (passed.length === 0) return;
    const troubles = await readTroubles(database);
    while (
      !this.#stopped.signal.aborted &&
      (await this.#sweepSome(lane, passed, troubles)) === ROWS_PER_SWEEP
    );
    this.#ends[lane].forget(passed.map(({ partition }) => partition));
  }

  async #sweepSome(
    lane: Lane,
    passed: readonly { partition: number; at: number }[],
    troubles: Troubles,
  ): Promise<number> {
    const rows = await dueRows(this.settings.database, lane, passed, ROWS_PER_SWEEP);
    const at = new Map(passed.map((one) => [one.partition, one.at]));
    const work = rows.map((row): RowWork => ({
      ...row,
      event: { kind: 'due', at: at.get(row.partition)!, troubles },
    }));
    await this.settings.work(lane, work);
    return rows.length;
  }
}

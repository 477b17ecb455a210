import { setTimeout as wait } from 'node:timers/promises';
import type { Lane } from '@assay/contracts';
import {
  isWait,
  NotHeld,
  RuntimeStopped,
  type AskRuntime,
  type CellResult,
  type Wait,
} from '@assay/fetching';
import { createGroupFlush, isGivenUp, type GivenUp, type GroupFlush } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import type { Asks, CellQuestion } from '../questions-of.js';
import { questionOfParked, tooLate, type ParkedRow } from './parked-row.js';
import { AHEAD_MS, type ParkedTable, type TakeWish } from './parked-table.js';
import type { Places } from './places.js';
import { StretchedKeys } from './stretched-keys.js';
import { WorkList, type Taken } from './work-list.js';

export interface LoopSettings {
  readonly provider: string;
  readonly asks: Asks;
  readonly table: ParkedTable;
  readonly places: Places;
  readonly runtime: AskRuntime;
  /** Partitions owned now: the rows of others are left to them. */
  readonly positions: { assigned(): readonly number[] };
  readonly control: { readonly paused: readonly string[]; readonly cancelled: readonly string[] };
  /** Resolves when the broker has the cell. */
  send(question: CellQuestion, result: CellResult, lane: Lane, partition: number): Promise<void>;
  /** Writes the dead letter of a row that is given up; resolves when the broker has it. */
  bury(row: ParkedRow, error: GivenUp): Promise<void>;
  readonly perKey: number;
  readonly leaseMs: number;
  readonly logger: Logger;
  readonly now: () => number;
}

export const MOST_IN_WORK = 500;
/** Looks at the table: while rows come, while some are parked, while none is. */
const BUSY_MS = 50;
const PARKED_MS = 250;
const IDLE_MS = 1_000;
const MOST_ENDINGS = 500;
/** What is in work gets this long when the process stops; leases end by themselves after it. */
const FINISH_WITHIN_MS = 6_000;

type Ending = 'remove' | 'putBack' | 'release' | 'renew';

/**
 * Asks again for parked cells whose time has come, on the partitions owned now. A row is deleted only after its cell is
 * with the broker: killed anywhere, whoever has the partition next asks again, and finds the answer stored.
 */
export class UnparkLoop {
  readonly #work: WorkList;
  readonly #endings: GroupFlush<{ readonly kind: Ending; readonly row: ParkedRow }>;
  readonly #running = new Set<Promise<void>>();
  readonly #stretched = new StretchedKeys();
  #renewal: NodeJS.Timeout | undefined;
  #renewing = false;
  #loop: Promise<void> = Promise.resolve();
  #stopped = false;
  #woken = false;
  #idle = false;
  #wakeUp: () => void = () => undefined;

  constructor(private readonly settings: LoopSettings) {
    this.#work = new WorkList(MOST_IN_WORK, settings.perKey);
    // One statement at a time: two that touch the same rows in another order would wait for each other.
    this.#endings = createGroupFlush({ maxItems: MOST_ENDINGS, flush: (endings) => this.#end(endings) });
  }

  start(): void {
    this.#renewal = setInterval(() => this.#renew(), this.settings.leaseMs / 3).unref();
    this.#loop = this.#run();
  }

  /** Something changed: looks now. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Rows were parked here: they may be due before the next look where nothing was parked so far. */
  parked(): void {
    if (this.#idle) this.wake();
  }

  /** Rows in work, and what is to be written of them. */
  get held(): { readonly inWork: number; readonly endings: number } {
    return { inWork: this.#work.size, endings: this.#endings.held };
  }

  /** Takes nothing more. Stop the runtime after it, then `finish`. */
  halt(): void {
    this.#stopped = true;
    this.wake();
  }

  /** Waits for what is in work, gives back what was not asked. */
  async finish(): Promise<void> {
    const ended = this.#loop.then(() => Promise.all(this.#running));
    await Promise.race([ended, wait(FINISH_WITHIN_MS, undefined, { ref: false })]);
    clearInterval(this.#renewal);
  }

  async #run(): Promise<void> {
    const { logger, provider } = this.settings;
    while (!this.#stopped) {
      this.#woken = false;
      const pause = await this.#look().catch((error: unknown) => {
        logger.warn({ err: error, provider }, 'parked rows were not looked at; they stay due');
        return IDLE_MS;
      });
      this.#idle = pause === IDLE_MS;
      await this.#sleep(pause);
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#woken ? Math.min(ms, BUSY_MS) : ms);
      this.#wakeUp = () => {
        if (this.#stopped) {
          clearTimeout(timer);
          resolve();
        } else if (ms > BUSY_MS) {
          clearTimeout(timer);
          setTimeout(resolve, BUSY_MS);
        }
      };
    });
  }

  /** One look; returns when to look again. */
  async #look(): Promise<number> {
    const { table, positions, asks, control, perKey, leaseMs, now } = this.settings;
    const partitions = positions.assigned();
    if (partitions.length === 0 || !(await table.any(partitions))) return IDLE_MS;
    const most = this.#work.room;
    if (most === 0) return BUSY_MS;
    const since = now();
    const { paused, cancelled } = control;
    const closed = this.#work.closed(since);
    const wish = { partitions, asks: [...asks.keys()], closed, perKey, most, paused, cancelled };
    const rows = await table.take(wish);
    this.#beginAll(rows, since + leaseMs);
    const overdue = await this.#tellOverdue(wish);
    return rows.length > 0 || overdue ? BUSY_MS : PARKED_MS;
  }

  /** Those that do not fit their patience since their line was moved apart. True where some may be left. */
  async #tellOverdue(wish: Pick<TakeWish, 'partitions' | 'asks'>): Promise<boolean> {
    const keys = this.#stretched.overdue;
    const most = this.#work.room;
    if (keys.length === 0 || most === 0) return keys.length > 0;
    const { table, leaseMs, now } = this.settings;
    const since = now();
    const rows = await table.takeOverdue(keys, { ...wish, most });
    this.#beginAll(rows, since + leaseMs);
    if (rows.length === most) return true;
    this.#stretched.told(keys);
    return false;
  }

  #beginAll(rows: readonly ParkedRow[], leaseUntil: number): void {
    for (const row of rows) if (!this.#work.has(row)) this.#begin(row, leaseUntil);
  }

  #begin(row: ParkedRow, leaseUntil: number): void {
    const taken = this.#work.add(row, leaseUntil);
    const work = this.#answer(taken).finally(() => {
      this.#work.remove(taken);
      this.#running.delete(work);
    });
    this.#running.add(work);
  }

  /** Never rejects: a row whose lease ends is taken again. */
  async #answer(taken: Taken): Promise<void> {
    const { row } = taken;
    try {
      const question = questionOfParked(row, this.settings.asks, this.settings.now());
      if (!question) return;
      const request = { ...question.request, unparked: true, held: () => this.#held(taken) };
      const askedAt = this.settings.now();
      const result =
        this.#tooLate(row, askedAt) ??
        (await this.settings.runtime.ask({ ...request, mayPark: true as const }));
      if (isWait(result)) return await this.#putBack(row, result, askedAt + request.patienceMs);
      await this.settings.send(question, result, row.lane, row.partition);
      await this.#endings.add({ kind: 'remove', row });
      this.settings.places.left(row.limitKey);
    } catch (error) {
      await this.#failed(row, error).catch((failure: unknown) => {
        const { logger, provider } = this.settings;
        logger.warn({ err: failure, provider }, 'a parked row is left to its lease');
      });
    }
  }

  /** A submission that pauses loses no patience, and one that was cancelled is told so: the runtime knows. */
  #tooLate(row: ParkedRow, at: number): CellResult | undefined {
    const { paused, cancelled } = this.settings.control;
    const isRunning = !paused.includes(row.submission) && !cancelled.includes(row.submission);
    return isRunning ? tooLate(row, at) : undefined;
  }

  /** The next row of its key need not be tried before its time either. */
  async #putBack(row: ParkedRow, wait: Wait, patienceEnd: number): Promise<void> {
    const { limitKey, notBefore } = wait;
    if (limitKey !== '') this.#work.rest(limitKey, notBefore - AHEAD_MS);
    const waitUntil = Math.min(patienceEnd, row.expiresAt);
    await this.#endings.add({ kind: 'putBack', row: { ...row, limitKey, notBefore, waitUntil } });
    await this.#stretch(wait);
  }

  /** The host asks for more than was known when its rows were placed. */
  async #stretch({ limitKey, notBefore, stepMs = 0 }: Wait): Promise<void> {
    const { table, places, logger, provider, now } = this.settings;
    if (!this.#stretched.begin(limitKey, stepMs, now())) return;
    try {
      await table.stretch(limitKey, notBefore, stepMs);
      this.#stretched.moved(limitKey);
      places.moved(limitKey);
    } catch (error) {
      this.#stretched.failed(limitKey);
      logger.warn(
        { err: error, provider },
        'parked rows were not moved apart; they are when the next is asked',
      );
    }
  }

  async #failed(row: ParkedRow, error: unknown): Promise<void> {
    const { logger, provider } = this.settings;
    const hopeless = isGivenUp(error);
    if (!(error instanceof RuntimeStopped || error instanceof NotHeld)) {
      const { ask, submission, seq } = row;
      logger.warn({ err: error, provider, ask, submission, seq, hopeless }, 'a parked row was not answered');
    }
    if (hopeless) await this.settings.bury(row, error);
    await this.#endings.add({ kind: hopeless ? 'remove' : 'release', row });
  }

  #held({ row, leaseUntil }: Taken): boolean {
    const { now, positions } = this.settings;
    return now() < leaseUntil && positions.assigned().includes(row.partition);
  }

  #renew(): void {
    const { now, leaseMs } = this.settings;
    // While PostgreSQL hangs one round of renewals is enough.
    if (this.#renewing) return;
    this.#renewing = true;
    const since = now();
    const renewed = this.#work.all().map((taken) =>
      this.#endings.add({ kind: 'renew', row: taken.row }).then(
        () => (taken.leaseUntil = since + leaseMs),
        () => undefined,
      ),
    );
    void Promise.all(renewed).then(() => (this.#renewing = false));
  }

  async #end(endings: readonly { readonly kind: Ending; readonly row: ParkedRow }[]): Promise<void> {
    // What is removed or given back needs no renewal: that comes first, and finds the others only.
    for (const kind of ['remove', 'putBack', 'release', 'renew'] as const) {
      const rows = endings.filter((ending) => ending.kind === kind).map(({ row }) => row);
      if (rows.length > 0) await this.settings.table[kind](rows);
    }
  }
}

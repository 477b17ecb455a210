import { randomUUID } from 'node:crypto';
import { LANES, type Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { GroupPositions, Publisher } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import type { RoundOneAsks } from '../dispatch/dispatch-plan.js';
import { Pace } from '../dispatch/pace.js';
import { decideTake, type TakeVerdict } from './decide-take.js';
import { dueLanes, lockDue, missingRows } from './due-dispatches.js';
import { markTakeSent, owedTakes, type Take } from './owed-takes.js';
import { PassedMoment } from './passed-moment.js';
import { sendTake } from './send-take.js';
import { findStuckLetters, type ScanLetters } from './stuck-letters.js';
import { listStuck, settle, writeTake, type Taker } from './write-take.js';

export interface ReconcileSettings {
  /** Pause between two looks. The joiner's sweep gets at least one of them after it has read everything. */
  readonly everyMs: number;
  readonly leaseMs: number;
}

export interface ReconcilerParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly positions: GroupPositions;
  readonly scanLetters: ScanLetters;
  readonly roundOneAsks: RoundOneAsks;
  readonly settings: ReconcileSettings;
  readonly logger: Logger;
}

/** Dispatches of a lane decided in one look, so that the other lane has its turn. */
const AT_ONCE = 32;
const LONGEST_BACK_OFF_MS = 30_000;
const SAY_WAITING_EVERY_MS = 60_000;

/**
 * Takes up again what was dispatched and has no final version at deadline + grace. One loop: takes that are owed
 * go out, what is due is looked at, and once joiner and store have passed that moment it is decided.
 */
export class Reconciler {
  private readonly by: Taker;
  private readonly pace = new Pace();
  private readonly moments: Readonly<Record<Lane, PassedMoment>>;
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private saidAt = -Infinity;

  constructor(private readonly parts: ReconcilerParts) {
    this.by = { owner: randomUUID(), leaseMs: parts.settings.leaseMs };
    const moment = (lane: Lane) => new PassedMoment(lane, parts.positions);
    this.moments = { express: moment('express'), bulk: moment('bulk') };
  }

  start(): void {
    this.running = this.repeat();
  }

  /** Resolves when the look in hand has ended. */
  async stop(): Promise<void> {
    this.pace.end();
    this.stopped.abort();
    await this.running;
  }

  private async repeat(): Promise<void> {
    const { everyMs } = this.parts.settings;
    for (let failures = 0; !this.pace.ended;) {
      try {
        await this.look();
        failures = 0;
        await this.pace.rest('look', everyMs);
      } catch (error) {
        this.parts.logger.error({ err: error }, 'reconciliation failed; what is owed is taken up again');
        await this.pace.pause(Math.min(LONGEST_BACK_OFF_MS, 1_000 * 2 ** failures++));
      }
    }
  }

  /** One look: resolves when all that follows from it is committed and acknowledged. One step may fail for itself. */
  async look(): Promise<void> {
    const steps = [
      ...LANES.map((lane) => () => this.lookAt(lane)),
      () => this.sendOwed(),
      () => findStuckLetters(this.parts.database, this.parts.scanLetters, this.stopped.signal),
    ];
    const failures: unknown[] = [];
    for (const step of steps) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private async lookAt(lane: Lane): Promise<void> {
    const { at, lanes } = await dueLanes(this.parts.database);
    if (!lanes.includes(lane)) return;
    const moment = this.moments[lane];
    const passedAt = await moment.look(at);
    if (passedAt === undefined) return this.sayWaiting(lane, moment);
    for (let decided = 0; decided < AT_ONCE && !this.pace.ended; decided++)
      if (!(await this.decideNext(lane, passedAt))) return moment.forget();
    this.pace.wake('look');
  }

  /** False where nothing of this lane that was due at `passedAt` is left. */
  private async decideNext(lane: Lane, passedAt: number): Promise<boolean> {
    const verdict = await this.parts.database.transaction((client) => this.decide(client, lane, passedAt));
    return verdict !== undefined && verdict !== 'wait';
  }

  private async decide(
    client: Pick<Database, 'query'>,
    lane: Lane,
    passedAt: number,
  ): Promise<TakeVerdict | undefined> {
    const due = await lockDue(client, lane, passedAt);
    if (!due) return undefined;
    const missing = await missingRows(client, due);
    const verdict = decideTake(due, passedAt, missing.length);
    if (verdict === 'take') await writeTake(client, due, missing, this.by);
    if (verdict === 'settle') await settle(client, due);
    if (verdict === 'stuck') await listStuck(client, due, missing);
    const { submission, chunk, takes } = due;
    const told = { submission, chunk, rows: missing.length, takes };
    if (verdict === 'take') this.parts.logger.warn(told, 'rows without a final version are taken up again');
    if (verdict === 'stuck') this.parts.logger.error(told, 'rows are stuck: nothing more is tried');
    return verdict;
  }

  private async sendOwed(): Promise<void> {
    while (!this.pace.ended) {
      const owed = await owedTakes(this.parts.database, this.by);
      if (owed.length === 0) return;
      const sent = await Promise.allSettled(owed.map((take) => this.send(take)));
      for (const one of sent) if (one.status === 'rejected') throw one.reason;
    }
  }

  private async send(take: Take): Promise<void> {
    await sendTake(this.parts.publisher, take, this.parts.roundOneAsks);
    await markTakeSent(this.parts.database, take);
  }

  private sayWaiting(lane: Lane, { waiting }: PassedMoment): void {
    const now = performance.now();
    if (!waiting || now - this.saidAt < SAY_WAITING_EVERY_MS) return;
    this.saidAt = now;
    this.parts.logger.warn(
      { lane, ...waiting },
      'rows are due, but this group has not read all that may be about them',
    );
  }
}

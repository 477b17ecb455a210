import { randomUUID } from 'node:crypto';
import { LANES, type Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Publisher } from '@assay/messaging';
import type { Logger, PartWatch } from '@assay/telemetry';
import type { DispatchSettings } from '../ingest.config.js';
import { bulkDelay } from './bulk-delay.js';
import { chooseSubmission } from './choose-submission.js';
import { claimChunk, type Claimant } from './claim-chunk.js';
import type { Dispatch, RoundOneAsks } from './dispatch-plan.js';
import { isComplete, nextChunk } from './next-chunk.js';
import { completeAll, readOpen, type OpenSubmission } from './open-submissions.js';
import { Outbox } from './outbox.js';
import { takeOwed } from './owed-dispatches.js';
import { Pace } from './pace.js';
import { PressureWatch } from './pressure-watch.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** After a failure of PostgreSQL or Kafka; what was claimed stays owed. */
const BACK_OFF_MS = 1_000;

export interface DispatcherParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly kafka: Pick<PartWatch, 'ok' | 'onBack'>;
  readonly settings: DispatchSettings;
  readonly logger: Logger;
  readonly roundOneAsks: RoundOneAsks;
}

/**
 * Moves rows from the spool to the topics. A loop per lane, so that express never waits for a bulk chunk;
 * one that looks at open submissions and ends those that are complete; one for what is owed.
 */
export class Dispatcher {
  private readonly by: Claimant;
  private readonly outbox: Outbox;
  private readonly pace = new Pace();
  private readonly pressure: PressureWatch;
  private readonly credit: Record<Lane, Map<string, number>> = { express: new Map(), bulk: new Map() };
  private open: OpenSubmission[] = [];
  private loops: Promise<void>[] = [];

  constructor(private readonly parts: DispatcherParts) {
    const { settings, publisher } = parts;
    this.by = { owner: randomUUID(), partitions: publisher.partitions, ...settings };
    this.outbox = new Outbox(parts, this.by);
    this.pressure = new PressureWatch(parts.database);
    parts.kafka.onBack(() => {
      for (const name of ['owed', 'look']) this.pace.wake(name);
    });
  }

  start(): void {
    this.pressure.start();
    const { pollMs, leaseMs } = this.parts.settings;
    this.loops = [
      this.repeat('look', pollMs, () => this.look()),
      this.repeat('owed', Math.max(pollMs, leaseMs / 5), () => this.sendOwed()),
      ...LANES.map((lane) => this.repeat(lane, pollMs, () => this.dispatchLane(lane))),
    ];
  }

  /** Claims nothing more and waits for what is being sent. */
  async stop(): Promise<void> {
    this.pace.end();
    await Promise.all(this.loops);
    await this.outbox.drain();
    this.pressure.stop();
  }

  /** Something may be dispatched now: look at once. */
  wake(): void {
    this.pace.wake('look');
  }

  /** Submissions that have not ended, as of the last look. */
  get openCount(): number {
    return this.open.length;
  }

  /** Dispatches that Kafka does not have yet. */
  get sending(): number {
    return this.outbox.size;
  }

  /** Claims the first rows of a submission inside the transaction that accepts it; none while too many are being sent. */
  async claim(client: Client, id: string): Promise<Dispatch | undefined> {
    return this.outbox.isFull ? undefined : claimChunk(client, id, this.by);
  }

  /** Sends what was claimed and is committed. A failure leaves it owed. */
  sendClaimed(dispatch: Dispatch): void {
    this.outbox.send(dispatch).catch((error: unknown) => this.failed('send', error));
  }

  private async look(): Promise<void> {
    const open = await readOpen(this.parts.database);
    const done = open.filter(isComplete);
    if (done.length > 0) await completeAll(this.parts.database, done);
    this.open = open.filter((submission) => !done.includes(submission));
    for (const lane of LANES) if (this.candidates(lane).length > 0) this.pace.wake(lane);
    await this.outbox.renew();
  }

  /** None while Kafka is away: what is claimed then would only wait with its deadlines running. */
  private candidates(lane: Lane): OpenSubmission[] {
    if (!this.parts.kafka.ok) return [];
    const room = this.parts.settings.inFlightRows;
    return this.open.filter(
      (submission) =>
        submission.lane === lane &&
        submission.state !== 'paused' &&
        nextChunk(submission, room) !== undefined,
    );
  }

  /** Chunk by chunk in turns until nothing of this lane may go before the next look. */
  private async dispatchLane(lane: Lane): Promise<void> {
    while (!this.pace.ended) {
      const { chosen, credit } = chooseSubmission(this.candidates(lane), this.credit[lane]);
      this.credit[lane] = credit;
      if (!chosen) return;
      if (lane === 'bulk') await this.makeWay();
      const dispatch = await this.parts.database.transaction((client) => this.claim(client, chosen.id));
      this.account(chosen.id, dispatch);
      if (dispatch) await this.outbox.send(dispatch);
    }
  }

  /** What was read a moment ago is carried on; nothing claimed: somebody else is at it, until the next look. */
  private account(id: string, dispatch: Dispatch | undefined): void {
    this.open = this.open.flatMap((submission) => {
      if (submission.id !== id) return [submission];
      return dispatch ? [afterDispatch(submission, dispatch)] : [];
    });
  }

  private async sendOwed(): Promise<void> {
    if (!this.parts.kafka.ok) return;
    for (const dispatch of await takeOwed(this.parts.database, this.by)) {
      if (this.outbox.holds(dispatch)) continue;
      const { plan, chunk, rows } = dispatch;
      this.parts.logger.warn(
        { submission: plan.submission, chunk, rows: rows.length },
        'taking up an owed dispatch',
      );
      await this.outbox.send(dispatch);
    }
  }

  private async makeWay(): Promise<void> {
    await this.pressure.listen();
    const delay = bulkDelay(this.pressure.take(this.outbox.expressSendMs), this.parts.settings.calmFlushMs);
    await this.pace.pause(delay);
  }

  /** Runs `work` each `everyMs`, or sooner when woken, until the end; a failure is logged and tried again. */
  private async repeat(name: string, everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.pace.ended) {
      const failed = await work().then(
        () => false,
        (error: unknown) => (this.failed(name, error), true),
      );
      if (failed) await this.pace.pause(BACK_OFF_MS);
      else await this.pace.rest(name, everyMs);
    }
  }

  private failed(step: string, error: unknown): void {
    this.parts.logger.error({ err: error, step }, 'dispatch failed; what is owed is taken up again');
  }
}

function afterDispatch(submission: OpenSubmission, { gen, rows }: Dispatch): OpenSubmission {
  if (gen === 0) return { ...submission, dispatched: submission.dispatched + rows.length };
  const { retry } = submission;
  return { ...submission, retry: { ...retry, dispatched: retry.dispatched + rows.length } };
}

import type { IncomingMessage } from 'node:http';
import { submissionLinks, type SubmissionAccepted, type SubmissionOptions } from '@assay/contracts';
import { unplannedCeiling } from './ceilings.js';
import { CommitUnknown, type Database } from '@assay/database';
import type { Publisher } from '@assay/messaging';
import type { Logger, PartWatch } from '@assay/telemetry';
import { v7 } from 'uuid';
import type { Dispatcher } from './dispatch/dispatcher.js';
import { WHOLE_ROWS } from './dispatch/next-chunk.js';
import type { IngestConfig } from './ingest.config.js';
import { contentKind } from './lines/content-kind.js';
import { readBody, UploadCut } from './lines/read-body.js';
import { planAsks } from './plan-asks.js';
import { Refusal } from './problem.js';
import { checkOptions, optionsOfQuery } from './read-options.js';
import { discardSpool } from './spool/discard-spool.js';
import { feedBody, type FedBody } from './spool/feed-body.js';
import { finishSpool, type Ending } from './spool/finish-spool.js';
import { inTurns } from './spool/in-turns.js';
import { Spool } from './spool/spool.js';
import { settleSubmission } from './submission-settings.js';
import { unavailableWords } from './unavailable.js';

export interface Submitted {
  readonly accepted: SubmissionAccepted;
  /** Nothing was dispatched: its plan is the answer. */
  readonly planOnly: boolean;
}

/** The way of a list from the request into the spool and on to the dispatcher. */
export class SubmitUrls {
  private readonly uploads = new Map<IncomingMessage, Spool>();
  /** Half of the connections: the others are for dispatch, plans and control. */
  private readonly writes: Database;

  constructor(
    private readonly config: IngestConfig,
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
    private readonly logger: Logger,
    private readonly postgres: Pick<PartWatch, 'answers'>,
    private readonly publisher: Pick<Publisher, 'keptMs'>,
  ) {
    this.writes = inTurns(database, Math.max(1, Math.floor(config.poolSize / 2)));
  }

  /** Lists that come in now. */
  get uploading(): number {
    return this.uploads.size;
  }

  /** What of them waits for the tables. */
  get spooledBytes(): number {
    return [...this.uploads.values()].reduce((sum, spool) => sum + spool.held, 0);
  }

  /**
   * Resolves when all of the list is committed.
   * @throws Refusal where nothing was kept or it came to no end, UploadCut where nobody waits for an answer any more
   */
  async submit(request: IncomingMessage, query: Record<string, unknown>): Promise<Submitted> {
    // Known to be away: said before a long list is sent, and not after.
    if (!this.postgres.answers) throw new Refusal(503, AWAY);
    const kind = contentKind(request.headers);
    const asked = optionsOfQuery(query);
    this.settle(checkOptions(asked), 0);
    this.checkRoom();
    const spool = new Spool(this.writes, v7());
    this.uploads.set(request, spool);
    try {
      const fed = await feedBody(kind, readBody(request, this.config.uploadIdleMs), spool);
      return await this.end(spool, fed, { ...asked, ...fed.options });
    } catch (error) {
      await this.discard(spool);
      if (error instanceof CommitUnknown)
        throw new Refusal(503, unavailableWords(error, submissionLinks(spool.id).self)!, { cause: error });
      throw error;
    } finally {
      this.uploads.delete(request);
    }
  }

  /** Cuts what is still coming in: text is kept as truncated, JSON is not. */
  cutUploads(): void {
    for (const request of this.uploads.keys()) request.destroy();
  }

  /** Before a byte of the body is read. */
  private checkRoom(): void {
    if (this.uploads.size >= this.config.uploadsAtOnce) throw new Refusal(503, BUSY);
    if (this.dispatcher.openCount >= MOST_OPEN) throw new Refusal(503, TOO_MANY_OPEN);
  }

  private async end(spool: Spool, fed: FedBody, asked: Record<string, unknown>): Promise<Submitted> {
    if (spool.taken + spool.rejected === 0)
      throw fed.cut ? new UploadCut('nothing came', fed.cut) : new Refusal(400, EMPTY);
    const options = checkOptions(asked);
    const ending: Ending = {
      asks: this.plan(options),
      truncated: fed.cut !== undefined,
      planOnly: options.plan === 'only',
      settle: (rows) => this.settle(options, rows),
    };
    await spool.drain();
    const { finished, first } = await this.writes.transaction(async (client) => {
      const end = await finishSpool(client, spool, ending);
      const whole = end.state === 'running' && end.counts.accepted <= WHOLE_ROWS;
      return { finished: end, first: whole ? await this.dispatcher.claim(client, spool.id) : undefined };
    });
    if (first) this.dispatcher.sendClaimed(first);
    else this.dispatcher.wake();
    const { state, settings, counts } = finished;
    this.logger.info({ submission: spool.id, state, lane: settings.lane, ...counts }, 'submission committed');
    if (fed.cut === 'idle' || fed.cut === 'slow')
      throw new Refusal(408, keptWords(spool.id, counts.accepted));
    const accepted = { id: spool.id, state, lane: settings.lane, counts, links: submissionLinks(spool.id) };
    return { accepted, planOnly: ending.planOnly };
  }

  private plan(options: SubmissionOptions): readonly string[] {
    const plan = planAsks({
      enabled: this.config.enabled,
      known: this.config.registry.providers,
      ...(options.providers && { wanted: options.providers }),
    });
    if (!plan.ok) throw new Refusal(400, plan.reason);
    const { asks } = this.config.registry;
    const providers = [...new Set(plan.asks.map((ask) => asks.get(ask)!.provider.id))];
    const fault = unplannedCeiling(options.ceilings, providers);
    if (fault) throw new Refusal(400, fault);
    return plan.asks;
  }

  private settle(options: SubmissionOptions, rows: number) {
    const settings = settleSubmission(options, rows, this.config.defaults);
    if (!settings) throw new Refusal(400, DEADLINES);
    const { deadlineMs, graceMs } = settings;
    const { keptMs } = this.publisher;
    if (deadlineMs + graceMs > keptMs) throw new Refusal(400, tooLong(keptMs - graceMs));
    return settings;
  }

  private async discard(spool: Spool): Promise<void> {
    await spool.drain().catch(() => undefined);
    if (!spool.spilled) return;
    await discardSpool(this.database, spool.id).catch((error: unknown) => {
      this.logger.warn({ err: error, submission: spool.id }, 'left over, to be cleaned up later');
    });
  }
}

/** Each is looked at four times a second, and is a person's or a program's: more are a fault of somebody. */
export const MOST_OPEN = 10_000;

function keptWords(id: string, rows: number): string {
  return (
    `The list stopped coming before its end, or came by a few bytes a second. The ${rows} URLs that came whole are kept ` +
    `and wait: POST /v1/submissions/${id}/start asks them, POST /v1/submissions/${id}/cancel ends it. Or send the whole list again.`
  );
}

const BUSY =
  'As many lists as this service takes at once are coming in already; nothing was kept. Send it again in a few seconds, or raise UPLOADS_AT_ONCE.';
const TOO_MANY_OPEN =
  'There are 10,000 lists that have not ended; nothing was kept. Wait until some are complete, or cancel some.';
const EMPTY = 'The list is empty: send at least one URL.';
const DEADLINES = 'deadlines.round1Ms must be at least 1,000 ms before deadlines.deadlineMs, within 7 days.';
const AWAY = 'PostgreSQL is away or takes nothing; nothing was kept. Send it again in a moment.';

function tooLong(mostMs: number): string {
  return `deadlines.deadlineMs may be ${mostMs} at most: Kafka keeps messages no longer. Where retention.ms of all topics and offsets.retention.minutes are raised, up to 7 days are possible.`;
}

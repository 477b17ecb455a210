import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { queueGauges, type Logger } from '@assay/telemetry';
import { ProblemError } from '../http/problem.js';
import { RowReader } from '../rows/row-reader.js';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { LOGGER } from '../tokens.js';
import type { RowWindow } from './changes.js';
import { Listener, MOST_WAITING_BYTES } from './listener.js';
import { SubmissionWatch } from './submission-watch.js';
import { WindowReader } from './window-reader.js';

/** Open connections of this process, over all submissions. */
const MOST_LISTENERS = 500;
/** Of all listeners together: 500 that do not read would else hold 1 MB each. */
const MOST_FEED_BYTES = 64 * 1024 * 1024;
const BEAT_MS = 15_000;

/** Who listens to what. The database is asked once per submission and look, however many listen. */
@Injectable()
export class SubmissionFeed implements OnModuleDestroy {
  private readonly watches = new Map<string, SubmissionWatch>();
  private readonly beat = setInterval(() => this.eachWatch((watch) => watch.beat()), BEAT_MS).unref();

  constructor(
    private readonly submissions: SubmissionReader,
    private readonly rows: RowReader,
    private readonly windows: WindowReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ProblemError 503 where too many listen already. */
  listen(submission: string, window: RowWindow): Listener {
    if (this.listening() >= MOST_LISTENERS)
      throw new ProblemError(
        503,
        'Too many pages listen already. Read GET /v1/submissions/:id every few seconds instead.',
        10,
      );
    const listener = new Listener(window, () => this.waitingBytes() < MOST_FEED_BYTES);
    const watch = this.watches.get(submission) ?? this.startWatch(submission);
    watch.add(listener);
    listener.stream.once('close', () => watch.remove(listener));
    return listener;
  }

  listening(): number {
    let sum = 0;
    this.eachWatch((watch) => (sum += watch.size));
    return sum;
  }

  /** Bytes that listeners have not read. */
  waitingBytes(): number {
    let sum = 0;
    this.eachWatch((watch) => (sum += watch.waitingBytes));
    return sum;
  }

  /** Gauges of what it holds; each of what it returns ends one. The last event may come on top: 1 MB. */
  measure(): (() => void)[] {
    return [
      queueGauges.add('query.listeners', MOST_LISTENERS, () => this.listening()),
      queueGauges.add('query.listeners_bytes', MOST_FEED_BYTES + MOST_WAITING_BYTES, () =>
        this.waitingBytes(),
      ),
    ];
  }

  private startWatch(submission: string): SubmissionWatch {
    const watch = new SubmissionWatch(submission, {
      view: () => this.submissions.view(submission),
      versions: (windows) => this.windows.versions(submission, windows),
      rows: (seqs) => this.rows.some(submission, seqs),
      failed: (error) => this.logger.warn({ err: error, submission }, 'cannot read what listeners wait for'),
      ended: () => this.watches.delete(submission),
    });
    this.watches.set(submission, watch);
    return watch;
  }

  private eachWatch(act: (watch: SubmissionWatch) => void): void {
    for (const watch of [...this.watches.values()]) act(watch);
  }

  onModuleDestroy(): void {
    clearInterval(this.beat);
    this.eachWatch((watch) => watch.stop());
  }
}

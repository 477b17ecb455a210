import type { Database } from '@assay/database';
import type { Logger } from '@assay/telemetry';
import { discardLeftovers } from './spool/discard-spool.js';

const EVERY_MS = 10 * 60_000;

/**
 * At the start, then every ten minutes: clears away what killed processes left of unfinished uploads, and
 * makes the tables' partitions for the months ahead, so that a process that runs for months has them in time.
 */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.keep();
    this.timer = setInterval(() => void this.keep(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async keep(): Promise<void> {
    try {
      const removed = await discardLeftovers(this.database);
      if (removed > 0) this.logger.info({ removed }, 'removed unfinished uploads of killed processes');
      await this.database.query({ text: 'SELECT ensure_partitions()' });
    } catch (error) {
      this.logger.warn({ err: error }, 'housekeeping failed, trying again in ten minutes');
    }
  }
}

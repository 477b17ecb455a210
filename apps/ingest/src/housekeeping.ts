import type { Database } from '@assay/database';
import type { Logger } from '@assay/telemetry';
import { discardLeftovers } from './spool/discard-spool.js';

const EVERY_MS = 10 * 60_000;

/** Clears away what killed processes left of unfinished uploads: at the start, then every ten minutes. */
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.clean();
    this.timer = setInterval(() => void this.clean(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async clean(): Promise<void> {
    try {
      const removed = await discardLeftovers(this.database);
      if (removed > 0) this.logger.info({ removed }, 'removed unfinished uploads of killed processes');
    } catch (error) {
      this.logger.warn({ err: error }, 'unfinished uploads could not be removed, trying again later');
    }
  }
}

import type { Database } from '@assay/database';
import type { Logger } from '@assay/telemetry';

const EVERY_MS = 10 * 60_000;
/** Rows of one statement: a table that was left alone for long is cleared in turns. */
const MOST_ROWS = 10_000;

/**
 * What nobody asks for any more. Permits whose windows are empty again; breakers closed, or open in vain, for a day; what
 * processes said that are gone; processes not seen
 * for a day; claims of calls that ended longer ago than any row that wanted them can be open (7 days and their grace).
 */
const CLEARED: Readonly<Record<string, string>> = {
  permit: `idle_at < now() - interval '1 hour'`,
  breaker: `greatest(open_until, changed_at) < now() - interval '1 day'`,
  provider_state: `changed_at < now() - interval '1 day' AND NOT EXISTS (
    SELECT FROM worker WHERE id = provider_state.worker AND seen_at > now() - interval '1 minute')`,
  worker: `seen_at < now() - interval '1 day'`,
  claim: `ended_at < now() - interval '9 days'`,
};

/** At the start, then every ten minutes: clears the tables that all fetchers share. Any number of processes may. */
export class Housekeeping {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.keep();
    this.#timer = setInterval(() => void this.keep(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async keep(): Promise<void> {
    for (const [table, condition] of Object.entries(CLEARED)) {
      const text = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${MOST_ROWS} FOR UPDATE SKIP LOCKED))`;
      await this.database
        .query({ text })
        .catch((error: unknown) =>
          this.logger.warn({ err: error, table }, 'not cleared; in ten minutes again'),
        );
    }
  }
}

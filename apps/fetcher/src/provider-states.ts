import type { Database } from '@assay/database';
import type { StateChange } from '@assay/fetching';
import type { Logger } from '@assay/telemetry';
import { NewestChanges } from './newest-changes.js';

const MOST_CHANGES = 500;
/** Five times the limit keys that a runtime remembers while idle. */
export const MOST_WAITING = 10_000;

const UPSERT = `
INSERT INTO provider_state AS s (provider, limit_key, worker, state, reason, until, changed_at)
SELECT provider, "limitKey", $2::uuid, state, reason, to_timestamp(until / 1000), to_timestamp(at / 1000)
FROM json_to_recordset($1) AS t(provider text, "limitKey" text, state text, reason text, until float8, at float8)
ORDER BY provider, "limitKey"
ON CONFLICT (provider, limit_key, worker) DO UPDATE
SET state = excluded.state, reason = excluded.reason, until = excluded.until, changed_at = excluded.changed_at`;

/** Writes what the runtimes say about their providers, for people and for the sweep. */
export class ProviderStates {
  readonly #waiting = new NewestChanges(MOST_WAITING);
  #writing = false;

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly logger: Logger,
  ) {}

  /** Limit keys whose change waits to be written. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Never fails: a state that could not be written is logged and lost, the next one replaces it. */
  changed(change: StateChange): void {
    this.#waiting.note(change);
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => void this.#writeAll());
  }

  /** This process says nothing any more. */
  async withdraw(): Promise<void> {
    const text = 'DELETE FROM provider_state WHERE worker = $1';
    await this.database.query({ text, values: [this.worker] });
  }

  /** One statement at a time: while PostgreSQL hangs only the newest of each key gathers. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0)
      await this.#write(this.#waiting.take(MOST_CHANGES)).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'a provider state was not written'),
      );
    this.#writing = false;
  }

  async #write(changes: readonly StateChange[]): Promise<void> {
    const values = [JSON.stringify(changes), this.worker];
    await this.database.query({ name: 'fetcher.provider-states', text: UPSERT, values });
  }
}

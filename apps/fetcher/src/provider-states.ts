import type { Database } from '@assay/database';
import type { StateChange } from '@assay/fetching';
import { createGroupFlush, type GroupFlush } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';

const MOST_CHANGES = 500;

const UPSERT = `
INSERT INTO provider_state AS s (provider, limit_key, worker, state, reason, until, changed_at)
SELECT provider, "limitKey", $2::uuid, state, reason, to_timestamp(until / 1000), to_timestamp(at / 1000)
FROM json_to_recordset($1) AS t(provider text, "limitKey" text, state text, reason text, until float8, at float8)
ORDER BY provider, "limitKey"
ON CONFLICT (provider, limit_key, worker) DO UPDATE
SET state = excluded.state, reason = excluded.reason, until = excluded.until, changed_at = excluded.changed_at`;

/** Writes what the runtimes say about their providers, for people and for the sweep. */
export class ProviderStates {
  readonly #flush: GroupFlush<StateChange>;

  constructor(
    private readonly database: Database,
    private readonly worker: string,
    private readonly logger: Logger,
  ) {
    this.#flush = createGroupFlush<StateChange>({
      maxItems: MOST_CHANGES,
      flush: (changes) => this.#write(newestPerKey(changes)),
    });
  }

  /** Never fails: a state that could not be written is logged and lost, the next one replaces it. */
  changed(change: StateChange): void {
    this.#flush
      .add(change)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'a provider state was not written'));
  }

  /** This process says nothing any more. */
  async withdraw(): Promise<void> {
    const text = 'DELETE FROM provider_state WHERE worker = $1';
    await this.database.query({ text, values: [this.worker] });
  }

  async #write(changes: readonly StateChange[]): Promise<void> {
    const values = [JSON.stringify(changes), this.worker];
    await this.database.query({ name: 'fetcher.provider-states', text: UPSERT, values });
  }
}

/** An upsert may name a row only once. */
export function newestPerKey(changes: readonly StateChange[]): StateChange[] {
  return [...new Map(changes.map((change) => [`${change.provider} ${change.limitKey}`, change])).values()];
}

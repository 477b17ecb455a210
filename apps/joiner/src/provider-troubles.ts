import type { Database } from '@assay/database';
import { troubleKey, type Trouble, type Troubles } from './row-end.js';

/** What several workers say of one key is taken at its worst: down before throttled, then the longest. */
const READ = `
SELECT provider, limit_key, state <> 'throttled' AS down,
  extract(epoch FROM max(until))::float8 * 1000 AS until_ms
FROM provider_state
WHERE state IN ('open', 'halted', 'throttled') AND until > now()
GROUP BY provider, limit_key, state <> 'throttled'
ORDER BY down, until_ms`;

interface TroubleRow {
  provider: string;
  limit_key: string;
  down: boolean;
  until_ms: number;
}

/** Limit keys that cannot be asked now, as the fetchers told it. */
export async function readTroubles(database: Database): Promise<Troubles> {
  const { rows } = await database.query<TroubleRow>({ name: 'read-troubles', text: READ });
  const troubles = new Map<string, Trouble>();
  for (const { provider, limit_key, down, until_ms } of rows)
    troubles.set(troubleKey(provider, limit_key), {
      reason: down ? 'provider_down' : 'quota',
      until: Math.round(until_ms),
    });
  return troubles;
}

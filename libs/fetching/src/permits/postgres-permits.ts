import type { QueryPort } from '../answers/query-port.js';
import type { PermitState } from './permit-state.js';
import {
  CLOCK_MS,
  permitKey,
  type PermitName,
  type PermitStore,
  type PermitWrite,
  type StoredPermits,
} from './permit-store.js';

/** In one order everywhere, so that two processes never wait for each other. */
const WRITE = `
WITH clock AS (SELECT extract(epoch FROM permit_clock())::float8 * 1000 AS now),
given AS (
  SELECT * FROM json_to_recordset($1) AS g(
    provider text, "limitKey" text, credential smallint, revision bigint, state json, "idleAt" float8,
    first boolean)
), written AS (
  INSERT INTO permit AS p (provider, limit_key, credential, revision, state, idle_at)
  SELECT provider, "limitKey", credential, revision, state, to_timestamp("idleAt" / 1000)
  FROM given g, clock WHERE abs(clock.now - $2::float8) < ${CLOCK_MS} AND (first OR EXISTS (SELECT FROM permit o
    WHERE o.provider = g.provider AND o.limit_key = g."limitKey" AND o.credential = g.credential))
  ORDER BY provider, "limitKey", credential
  ON CONFLICT (provider, limit_key, credential) DO UPDATE
  SET revision = excluded.revision, state = excluded.state, idle_at = excluded.idle_at
  WHERE p.revision = excluded.revision - 1
  RETURNING provider, limit_key, credential, revision
)
SELECT clock.now, g.provider, g."limitKey", g.credential, w.revision IS NOT NULL AS won,
  p.revision::float8 AS revision, CASE WHEN w.revision IS NULL THEN p.state END AS state
FROM clock, given g
LEFT JOIN written w ON w.provider = g.provider AND w.limit_key = g."limitKey" AND w.credential = g.credential
LEFT JOIN permit p ON p.provider = g.provider AND p.limit_key = g."limitKey" AND p.credential = g.credential`;

interface WrittenRow extends PermitName, Record<string, unknown> {
  now: number;
  won: boolean;
  revision: number | null;
  state: PermitState | null;
}

/** Permits in PostgreSQL, shared by all processes. */
export function postgresPermits(database: QueryPort): PermitStore {
  return {
    async write(writes: readonly PermitWrite[], at: number) {
      const { rows } = await database.query<WrittenRow>({
        name: 'fetching.write-permits',
        text: WRITE,
        values: [JSON.stringify(writes), at],
      });
      const lost = new Map<string, StoredPermits | undefined>();
      for (const row of rows) if (!row.won) lost.set(permitKey(row), storedOf(row));
      return { now: rows[0]?.now ?? at, lost };
    },
  };
}

function storedOf({ revision, state }: WrittenRow): StoredPermits | undefined {
  return revision === null || state === null ? undefined : { revision, state };
}

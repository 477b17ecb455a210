import type { QueryPort } from '../answers/query-port.js';

/** A limit key's breaker, as all processes see it. Waits in ms from the moment of asking. */
export interface SharedBreaker {
  readonly provider: string;
  readonly limitKey: string;
  /** How long it stays open; 0: closed, or its time is over and somebody may try. */
  readonly openForMs: number;
  /** True where its time is over and the provider was not tried, or not with success, since. */
  readonly unproven: boolean;
}

/** May this process try whether the provider is well again? Otherwise how long to wait before asking again. */
export type Probe =
  { readonly kind: 'granted' } | { readonly kind: 'closed' } | { readonly kind: 'wait'; readonly ms: number };

export interface BreakerTable {
  /** 0 ms: its time is over, and somebody must try; who tries already goes on. */
  open(provider: string, limitKey: string, forMs: number, reason: string): Promise<void>;
  close(provider: string, limitKey: string): Promise<void>;
  /** One process at a time, for `forMs` at most: should it die, the next may try after that. */
  tryProbe(provider: string, limitKey: string, forMs: number): Promise<Probe>;
  /** Those that changed within the last `withinMs`, and all that are open where it is Infinity. */
  changed(providers: readonly string[], withinMs: number): Promise<SharedBreaker[]>;
}

const OPEN = `
INSERT INTO breaker AS b (provider, limit_key, open_until, reason, changed_at)
VALUES ($1, $2, clock_timestamp() + $3 * interval '1 ms', $4, clock_timestamp())
ON CONFLICT (provider, limit_key) DO UPDATE
SET open_until = greatest(b.open_until, excluded.open_until), reason = excluded.reason,
  probe_owner = CASE WHEN $3 <= 0 THEN b.probe_owner END, probe_until = CASE WHEN $3 <= 0 THEN b.probe_until END,
  changed_at = excluded.changed_at`;

const CLOSE = `
UPDATE breaker SET open_until = NULL, probe_owner = NULL, probe_until = NULL, changed_at = clock_timestamp()
WHERE provider = $1 AND limit_key = $2 AND open_until IS NOT NULL`;

const PROBE = `
WITH won AS (
  UPDATE breaker SET probe_owner = $3, probe_until = clock_timestamp() + $4 * interval '1 ms'
  WHERE provider = $1 AND limit_key = $2 AND open_until <= clock_timestamp()
    AND (probe_until IS NULL OR probe_until <= clock_timestamp() OR probe_owner = $3)
  RETURNING provider
)
SELECT EXISTS (SELECT FROM won) AS won, open_until IS NULL AS closed,
  extract(epoch FROM greatest(open_until, probe_until) - clock_timestamp())::float8 * 1000 AS ms
FROM (SELECT 1) AS always LEFT JOIN breaker ON provider = $1 AND limit_key = $2`;

const CHANGED = `
SELECT provider, limit_key AS "limitKey", open_until IS NOT NULL AS unproven,
  greatest(0, coalesce(extract(epoch FROM open_until - clock_timestamp())::float8 * 1000, 0)) AS "openForMs"
FROM breaker
WHERE provider = ANY($1) AND
  CASE WHEN $2::float8 IS NULL THEN open_until IS NOT NULL
       ELSE changed_at > clock_timestamp() - $2::float8 * interval '1 ms' END`;

export function postgresBreakers(database: QueryPort, worker: string): BreakerTable {
  return {
    async open(provider, limitKey, forMs, reason) {
      await database.query({
        name: 'fetching.breaker-open',
        text: OPEN,
        values: [provider, limitKey, forMs, reason],
      });
    },
    async close(provider, limitKey) {
      await database.query({ name: 'fetching.breaker-close', text: CLOSE, values: [provider, limitKey] });
    },
    async tryProbe(provider, limitKey, forMs) {
      const { rows } = await database.query<{ won: boolean; closed: boolean; ms: number | null }>({
        name: 'fetching.breaker-probe',
        text: PROBE,
        values: [provider, limitKey, worker, forMs],
      });
      const row = rows[0];
      if (row?.won) return { kind: 'granted' };
      return !row || row.closed ? { kind: 'closed' } : { kind: 'wait', ms: Math.max(0, row.ms ?? 0) };
    },
    async changed(providers, withinMs) {
      const { rows } = await database.query<SharedBreaker & Record<string, unknown>>({
        name: 'fetching.breakers-changed',
        text: CHANGED,
        values: [providers, Number.isFinite(withinMs) ? withinMs : null],
      });
      return rows;
    },
  };
}

/**
 * A key is as bad as the worst that is said of it, by a worker or by the breaker that all share. What a worker said
 * counts as closed once its time is over; a breaker does not: only a success closes it, and that clears `open_until`.
 * What a killed worker said counts for two minutes: nobody takes it back. $1: providers whose permits are looked at. Of
 * each provider the 20 latest in trouble, or one line where there is none; those that only wait for a try come last, for
 * there may be many for a day.
 */
export const STATES = `
WITH said AS (
  SELECT provider, limit_key, reason, until, changed_at,
    CASE WHEN until <= now() THEN 'closed' ELSE state END AS state
  FROM provider_state s
  WHERE changed_at > now() - interval '2 minutes'
    OR EXISTS (SELECT FROM worker w WHERE w.id = s.worker AND w.seen_at > now() - interval '15 seconds')
  UNION ALL
  SELECT provider, limit_key, reason, CASE WHEN open_until > now() THEN open_until END, changed_at,
    CASE WHEN open_until > now() THEN 'open' WHEN open_until IS NOT NULL THEN 'half_open' ELSE 'closed' END
  FROM breaker
  UNION ALL
  SELECT provider, limit_key, NULL, NULL, at, 'closed' FROM provider_stat
  WHERE at > now() - interval '2 minutes' AND limit_key NOT IN ('', '…others')
  UNION ALL
  SELECT provider, limit_key, NULL, NULL, '-infinity', 'closed' FROM permit WHERE provider = ANY($1)
), key AS (
  SELECT DISTINCT ON (provider, limit_key) * FROM said
  ORDER BY provider, limit_key,
    array_position(ARRAY['halted','open','throttled','half_open','closed'], state), changed_at DESC
), ranked AS (
  SELECT *, count(*) OVER (PARTITION BY provider) AS keys,
    count(*) FILTER (WHERE state <> 'closed') OVER (PARTITION BY provider) AS troubled,
    count(*) FILTER (WHERE state = 'open') OVER (PARTITION BY provider) AS open,
    count(*) FILTER (WHERE state = 'half_open') OVER (PARTITION BY provider) AS half_open,
    row_number() OVER (
      PARTITION BY provider ORDER BY state = 'closed', state = 'half_open', changed_at DESC) AS place
  FROM key
)
SELECT provider, limit_key, state, reason, until, keys, troubled, open, half_open FROM ranked
WHERE place = 1 OR (state <> 'closed' AND place <= 20)
ORDER BY provider, place`;

/** $1: providers with a quota. Of each the limit keys used last, 50 permits at most. */
export const PERMITS = `
SELECT provider, limit_key, credential, state FROM (
  SELECT *, row_number() OVER (PARTITION BY provider ORDER BY idle_at DESC) AS place
  FROM permit WHERE provider = ANY($1)
) AS permit WHERE place <= 50 ORDER BY provider, limit_key, credential`;

/** A fetcher that was not seen for 15 s is not counted. */
export const WORKERS = `
SELECT provider, count(*) AS workers FROM worker, unnest(providers) AS provider
WHERE seen_at > now() - interval '15 seconds' GROUP BY provider`;

/**
 * Each provider as a whole, and the limit keys named by $1 and $2. A fetcher writes every 10 s at least:
 * what is older than 15 s is from one that hangs or is gone. What is older than a minute holds no call of the last one,
 * and would count beside those of a successor.
 */
export const STATS = `
SELECT provider, limit_key, calls, by_class, histogram, span_ms, in_flight, waiting, lag,
  at > now() - interval '15 seconds' AS fresh
FROM provider_stat
WHERE at > now() - interval '1 minute'
  AND (limit_key = '' OR (provider, limit_key) IN (SELECT * FROM unnest($1::text[], $2::text[])))`;

/** The limit keys named by $1 and $2 each alone, all others of a provider together under ''. */
export const PARKED = `
SELECT p.provider, coalesce(k.limit_key, '') AS limit_key, sum(p.cells) AS cells
FROM (SELECT provider, limit_key, count(*) AS cells FROM parked GROUP BY provider, limit_key) AS p
LEFT JOIN unnest($1::text[], $2::text[]) AS k (provider, limit_key)
  ON k.provider = p.provider AND k.limit_key = p.limit_key
GROUP BY 1, 2`;

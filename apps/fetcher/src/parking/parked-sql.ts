/** Statements over table `parked`. Times come and go in ms since 1970; leases end by the clock of the database. */

const ROW = `t(ask text, submission uuid, seq bigint, gen int, lane text, partition smallint, "limitKey" text,
  unit text, plan json, "row" json, "waitUntil" float8, "expiresAt" float8, "notBefore" float8)`;

/** A message that comes again, or again with later ends, moves nothing back in its line. */
export const INSERT = `
INSERT INTO parked AS p (provider, ask, submission, seq, gen, lane, partition, limit_key, unit, plan, row,
  wait_until, expires_at, not_before)
SELECT $2, ask, submission, seq, gen, lane, partition, "limitKey", unit, plan, "row",
  to_timestamp("waitUntil" / 1000), to_timestamp("expiresAt" / 1000), to_timestamp("notBefore" / 1000)
FROM json_to_recordset($1) AS ${ROW}
ORDER BY ask, submission, seq
ON CONFLICT (provider, ask, submission, seq) DO UPDATE SET
  gen = excluded.gen, lane = excluded.lane, partition = excluded.partition, unit = excluded.unit,
  plan = CASE WHEN excluded.gen > p.gen OR excluded.expires_at > p.expires_at THEN excluded.plan ELSE p.plan END,
  limit_key = CASE WHEN excluded.gen > p.gen THEN excluded.limit_key ELSE p.limit_key END,
  wait_until = CASE WHEN excluded.gen > p.gen THEN excluded.wait_until
    ELSE greatest(p.wait_until, excluded.wait_until) END,
  expires_at = CASE WHEN excluded.gen > p.gen THEN excluded.expires_at
    ELSE greatest(p.expires_at, excluded.expires_at) END,
  not_before = CASE WHEN excluded.gen > p.gen THEN excluded.not_before
    ELSE least(p.not_before, excluded.not_before) END,
  lease_owner = CASE WHEN excluded.gen > p.gen THEN NULL ELSE p.lease_owner END,
  lease_until = CASE WHEN excluded.gen > p.gen THEN NULL ELSE p.lease_until END
WHERE excluded.gen >= p.gen`;

export const TAILS = `
SELECT limit_key AS "limitKey", count(*)::int AS count,
  coalesce(extract(epoch FROM max(not_before) FILTER (WHERE lane = 'express')) * 1000, 0)::float8 AS express,
  coalesce(extract(epoch FROM max(not_before) FILTER (WHERE lane = 'bulk')) * 1000, 0)::float8 AS bulk
FROM parked WHERE provider = $1 AND limit_key = ANY($2::text[])
GROUP BY limit_key`;

export const ANY_PARKED = `
SELECT EXISTS (SELECT 1 FROM parked WHERE provider = $1 AND lane IN ('express', 'bulk')
  AND partition = ANY($2::smallint[])) AS any`;

/** Of a partition: many times what is taken of it at once, so that a host with many is no reason to overlook the others. */
const LOOKED_AT = 100;

const FREE_LEASE = '(lease_until IS NULL OR lease_until <= now())';
const COLUMNS = 'ask, submission, seq, limit_key, unit, wait_until';

/** Partition by partition, each in the order of its index: an hour's backlog is not sorted at each look. */
const dueOf = (lane: 'express' | 'bulk') => `
(SELECT ${COLUMNS}, false AS free FROM unnest($5::smallint[]) AS own(p), LATERAL (
  SELECT ${COLUMNS} FROM parked
  WHERE provider = $1 AND lane = '${lane}' AND partition = own.p AND ask = ANY($6::text[]) AND ${FREE_LEASE}
    AND not_before <= now() + $4 * interval '1 millisecond'
    AND limit_key <> ALL($7::text[]) AND (limit_key <> '' OR not_before <= now())
  ORDER BY not_before LIMIT ${LOOKED_AT}) AS due)`;
/** Whoever made them wait has resumed or cancelled: of those any number per key. */
const RESUMED = `
(SELECT ${COLUMNS}, true FROM parked
 WHERE provider = $1 AND limit_key = '' AND partition = ANY($5::smallint[]) AND ask = ANY($6::text[])
   AND ${FREE_LEASE} AND submission <> ALL($10::uuid[])
 LIMIT 2000)`;
const CANCELLED = `
(SELECT ${COLUMNS}, true FROM parked
 WHERE provider = $1 AND ask = ANY($6::text[]) AND submission = ANY($11::uuid[])
   AND partition = ANY($5::smallint[]) AND ${FREE_LEASE}
 LIMIT 2000)`;

const TAKEN = `p.ask, p.submission, p.seq, p.gen, p.lane, p.partition, p.limit_key AS "limitKey", p.unit, p.plan, p.row,
  (extract(epoch FROM p.wait_until) * 1000)::float8 AS "waitUntil",
  (extract(epoch FROM p.expires_at) * 1000)::float8 AS "expiresAt",
  (extract(epoch FROM p.not_before) * 1000)::float8 AS "notBefore"`;

export const TAKE = `
WITH due AS (${[dueOf('express'), dueOf('bulk'), RESUMED, CANCELLED].join(' UNION ALL ')}),
once AS (SELECT ${COLUMNS}, bool_or(free) AS free FROM due GROUP BY ${COLUMNS}),
firsts AS (SELECT *, min(wait_until) OVER (PARTITION BY limit_key, unit) AS first FROM once),
ranked AS (SELECT *, dense_rank() OVER (PARTITION BY limit_key ORDER BY first, unit) AS place FROM firsts),
chosen AS (
  SELECT p.ask, p.submission, p.seq
  FROM ranked r JOIN parked p
    ON p.provider = $1 AND p.ask = r.ask AND p.submission = r.submission AND p.seq = r.seq
  WHERE (r.free OR r.place <= $8) AND (p.lease_until IS NULL OR p.lease_until <= now())
  ORDER BY p.lane DESC, r.place, p.wait_until LIMIT $9
  FOR UPDATE OF p SKIP LOCKED)
UPDATE parked p SET lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond'
FROM chosen c
WHERE p.provider = $1 AND p.ask = c.ask AND p.submission = c.submission AND p.seq = c.seq
RETURNING ${TAKEN}`;

/**
 * The host asks for more than its limit: its rows stand $4 ms apart from $3 on, in the order in which they are taken, and
 * none earlier than it stood. Those in work are left alone.
 */
export const STRETCH = `
WITH free AS (
  SELECT ask, submission, seq, lane, unit, wait_until FROM parked
  WHERE provider = $1 AND limit_key = $2 AND ${FREE_LEASE}),
firsts AS (SELECT *, min(wait_until) OVER (PARTITION BY lane, unit) AS first FROM free),
ranked AS (SELECT *, dense_rank() OVER (ORDER BY lane DESC, first, unit) - 1 AS before FROM firsts),
chosen AS (
  SELECT p.ask, p.submission, p.seq, to_timestamp($3::float8 / 1000) + r.before * $4::float8 * interval '1 millisecond' AS at
  FROM ranked r JOIN parked p
    ON p.provider = $1 AND p.ask = r.ask AND p.submission = r.submission AND p.seq = r.seq
  WHERE p.limit_key = $2 AND (p.lease_until IS NULL OR p.lease_until <= now())
  FOR UPDATE OF p SKIP LOCKED)
UPDATE parked p SET not_before = c.at FROM chosen c
WHERE p.provider = $1 AND p.ask = c.ask AND p.submission = c.submission AND p.seq = c.seq AND p.not_before < c.at`;

/** Rows of these keys that would start after their patience. */
export const TAKE_OVERDUE = `
WITH chosen AS (
  SELECT ask, submission, seq FROM parked
  WHERE provider = $1 AND limit_key = ANY($4::text[]) AND partition = ANY($5::smallint[])
    AND ask = ANY($6::text[]) AND not_before > wait_until AND ${FREE_LEASE}
  LIMIT $7 FOR UPDATE SKIP LOCKED)
UPDATE parked p SET lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond'
FROM chosen c
WHERE p.provider = $1 AND p.ask = c.ask AND p.submission = c.submission AND p.seq = c.seq
RETURNING ${TAKEN}`;

const OURS = `p.provider = $2 AND p.lease_owner = $3
  AND p.ask = t.ask AND p.submission = t.submission AND p.seq = t.seq AND p.gen = t.gen`;

export const REMOVE = `DELETE FROM parked p USING json_to_recordset($1) AS ${ROW} WHERE ${OURS}`;
export const PUT_BACK = `
UPDATE parked p SET limit_key = t."limitKey", not_before = to_timestamp(t."notBefore" / 1000),
  wait_until = to_timestamp(t."waitUntil" / 1000), lease_owner = NULL, lease_until = NULL
FROM json_to_recordset($1) AS ${ROW} WHERE ${OURS}`;
export const RELEASE = `
UPDATE parked p SET lease_owner = NULL, lease_until = NULL
FROM json_to_recordset($1) AS ${ROW} WHERE ${OURS}`;
export const RENEW = `
UPDATE parked p SET lease_until = now() + $4 * interval '1 millisecond'
FROM json_to_recordset($1) AS ${ROW} WHERE ${OURS}`;

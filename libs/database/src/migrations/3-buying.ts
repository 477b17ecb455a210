/**
 * Buying once, as functions: a batch is bought in one round trip, and each statement inside sees what was committed
 * while it waited for a lock. Locks are taken in one order, so that nobody waits in a circle: calls by id, claims by
 * key (new ones first, then those that are there), budgets by submission and provider.
 */

/**
 * Who pays for each unit: the first who wants it and has no ceiling, or whose ceilings allow it. What he pays is taken
 * from his budget here. `p_units`: [{n, payers: [{submission, capped}]}]; payer null: nobody can. A call counts for
 * each submission that has units in it.
 */
const TAKE_BUDGET = `
CREATE FUNCTION take_budget(p_provider text, p_calls int, p_per_call bigint, p_per_unit bigint, p_units json)
RETURNS TABLE (unit int, payer uuid, capped boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  ids uuid[]; calls_left bigint[]; usd_left bigint[]; taken int[]; u record; p record; i int; usd bigint;
BEGIN
  SELECT array_agg(DISTINCT q.submission ORDER BY q.submission) INTO ids
  FROM json_to_recordset(p_units) AS t(payers json), json_to_recordset(t.payers) AS q(submission uuid, capped boolean)
  WHERE q.capped;
  IF ids IS NULL THEN
    RETURN QUERY SELECT t.n, (t.payers->0->>'submission')::uuid, false
    FROM json_to_recordset(p_units) AS t(n int, payers json);
    RETURN;
  END IF;
  INSERT INTO budget (submission, provider, calls, micro_usd)
  SELECT s, p, 0, 0 FROM unnest(ids) s, unnest(ARRAY['', p_provider]) p ORDER BY s, p
  ON CONFLICT DO NOTHING;
  PERFORM FROM budget WHERE submission = ANY(ids) AND provider IN ('', p_provider)
  ORDER BY submission, provider FOR UPDATE;
  -- Null: no ceiling.
  SELECT array_agg(l.calls ORDER BY l.n), array_agg(l.usd ORDER BY l.n), array_agg(0)
  INTO calls_left, usd_left, taken
  FROM (
    SELECT a.n,
      LEAST((s.ceilings->>'calls')::bigint - whole.calls,
        (s.ceilings->'providers'->p_provider->>'calls')::bigint - own.calls) AS calls,
      LEAST((s.ceilings->>'microUsd')::bigint - whole.micro_usd,
        (s.ceilings->'providers'->p_provider->>'microUsd')::bigint - own.micro_usd) AS usd
    FROM unnest(ids) WITH ORDINALITY a(id, n)
    JOIN budget whole ON whole.submission = a.id AND whole.provider = ''
    JOIN budget own ON own.submission = a.id AND own.provider = p_provider
    LEFT JOIN submission s ON s.id = a.id
  ) l;
  FOR u IN SELECT t.n, t.payers FROM json_to_recordset(p_units) AS t(n int, payers json) LOOP
    unit := u.n;
    payer := NULL;
    capped := false;
    FOR p IN SELECT q.submission, q.capped FROM json_to_recordset(u.payers) AS q(submission uuid, capped boolean) LOOP
      IF p.capped THEN
        i := array_position(ids, p.submission);
        usd := p_per_unit + CASE WHEN taken[i] = 0 THEN p_per_call ELSE 0 END;
        CONTINUE WHEN (taken[i] = 0 AND calls_left[i] < p_calls) OR usd_left[i] < usd;
        usd_left[i] := usd_left[i] - usd;
        taken[i] := taken[i] + 1;
      END IF;
      payer := p.submission;
      capped := coalesce(p.capped, false);
      EXIT;
    END LOOP;
    RETURN NEXT;
  END LOOP;
  UPDATE budget b
  SET calls = b.calls + p_calls, micro_usd = b.micro_usd + p_per_call + p_per_unit * t.units
  FROM unnest(ids, taken) AS t(id, units)
  WHERE b.submission = t.id AND b.provider IN ('', p_provider) AND t.units > 0;
END $$;`;

/**
 * Buys what of `p_units` nobody else buys or has bought: the call, its claims, who pays what. `p_units`:
 * [{n, key, seen, oldest, payers}], `seen`: the stored answer that did not do; `oldest`: since when a purchase counts
 * for one of those who want it. One row a unit: `won`; `open` (being bought); `bought` (there is an answer that was
 * not seen, or was bought since then); `failed` (bought in vain since then); `budget`.
 */
const BUY_UNITS = `
CREATE FUNCTION buy_units(p_call uuid, p_provider text, p_limit_key text, p_worker uuid, p_key_id text,
  p_attempt int, p_calls int, p_per_call bigint, p_per_unit bigint, p_units json)
RETURNS TABLE (unit int, state text, class text, bought_at timestamptz, answer uuid, outcome text, facts json,
  fetched_at timestamptz, expires_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v record; at timestamptz; free int[] := '{}'; asked json; payers uuid[]; capped boolean[]; won int[]; keys uuid[];
BEGIN
  INSERT INTO claim (key, call, started_at)
  SELECT t.key, p_call, clock_timestamp() FROM json_to_recordset(p_units) AS t(key uuid) ORDER BY t.key
  ON CONFLICT (key) DO NOTHING;
  PERFORM FROM claim c JOIN json_to_recordset(p_units) AS t(key uuid) ON t.key = c.key
  WHERE c.call <> p_call ORDER BY c.key FOR UPDATE OF c;
  FOR v IN
    SELECT t.n, c.outcome AS ended, c.started_at, c.ended_at, f.*,
      CASE
        WHEN f.id IS NOT NULL AND f.id IS DISTINCT FROM t.seen THEN 'bought'
        WHEN c.call = p_call THEN 'free'
        WHEN c.ended_at IS NULL THEN 'open'
        WHEN c.charged = 'no' OR c.started_at < to_timestamp(t.oldest / 1000) THEN 'free'
        WHEN c.outcome IN ('ok','absent') AND f.id IS NOT NULL THEN 'bought'
        ELSE 'failed'
      END AS verdict
    FROM json_to_recordset(p_units) AS t(n int, key uuid, seen uuid, oldest float8)
    JOIN claim c ON c.key = t.key
    LEFT JOIN LATERAL (
      SELECT a.id, a.outcome, a.facts, n.fetched_at AS fetched, n.expires_at AS expires
      FROM fresh_answer n JOIN answer a ON a.id = n.answer WHERE n.key = t.key LIMIT 1
    ) f ON true
    ORDER BY t.n
  LOOP
    IF v.verdict = 'free' THEN
      free := free || v.n;
      CONTINUE;
    END IF;
    unit := v.n;
    state := v.verdict;
    bought_at := CASE WHEN v.ended_at IS NOT NULL THEN v.started_at END;
    class := CASE WHEN v.verdict <> 'failed' THEN NULL
      WHEN v.ended IN ('ok','absent','skipped') THEN 'network' ELSE v.ended END;
    answer := v.id;
    outcome := v.outcome;
    facts := v.facts;
    fetched_at := v.fetched;
    expires_at := v.expires;
    RETURN NEXT;
  END LOOP;

  SELECT json_agg(json_build_object('n', t.n, 'payers', t.payers) ORDER BY t.n) INTO asked
  FROM json_to_recordset(p_units) AS t(n int, payers json) WHERE t.n = ANY(free);
  SELECT array_agg(b.unit ORDER BY b.unit), array_agg(b.payer ORDER BY b.unit), array_agg(b.capped ORDER BY b.unit)
  INTO won, payers, capped
  FROM take_budget(p_provider, p_calls, p_per_call, p_per_unit, coalesce(asked, '[]')) b WHERE b.payer IS NOT NULL;

  SELECT coalesce(array_agg(t.key), '{}') INTO keys
  FROM json_to_recordset(p_units) AS t(n int, key uuid) WHERE t.n = ANY(won);
  IF cardinality(keys) < json_array_length(p_units) THEN
    DELETE FROM claim WHERE call = p_call AND key <> ALL(keys);
  END IF;
  at := clock_timestamp();
  UPDATE claim SET call = p_call, started_at = at, ended_at = NULL, outcome = NULL, charged = NULL
  WHERE key = ANY(keys) AND call <> p_call;
  IF won IS NOT NULL THEN
    INSERT INTO call (id, provider, limit_key, requests, units, cost_micro_usd, started_at, key_id, worker, attempt)
    VALUES (p_call, p_provider, p_limit_key, p_calls, array_length(won, 1),
      p_per_call + p_per_unit * array_length(won, 1), at, p_key_id, p_worker, p_attempt);
    PERFORM share_call(p_call, p_provider, p_per_call, p_per_unit, payers, capped);
  END IF;
  RETURN QUERY SELECT n, CASE WHEN n = ANY(won) THEN 'won' ELSE 'budget' END, NULL::text, NULL::timestamptz,
    NULL::uuid, NULL::text, NULL::json, NULL::timestamptz, NULL::timestamptz FROM unnest(free) n;
END $$;`;

/**
 * Splits what a call costs: its units to whom they are for, its fixed price by units, the remainder to the first.
 * `take_budget` took the fixed price from each: what that was too much goes back at once.
 */
const SHARE_CALL = `
CREATE FUNCTION share_call(p_call uuid, p_provider text, p_per_call bigint, p_per_unit bigint, p_payers uuid[],
  p_capped boolean[]) RETURNS void LANGUAGE sql AS $$
  WITH paid AS (
    SELECT payer, capped, count(*)::int AS units, min(n) AS first
    FROM unnest(p_payers, p_capped) WITH ORDINALITY AS t(payer, capped, n) GROUP BY payer, capped
  ), parts AS (
    SELECT payer, capped, units, p_per_unit * units + p_per_call * units / array_length(p_payers, 1) AS part,
      first = 1 AS leads FROM paid
  ), shares AS (
    INSERT INTO call_share (call, submission, units, cost_micro_usd, capped)
    SELECT p_call, payer, units, part + CASE WHEN leads THEN
        p_per_call + p_per_unit * array_length(p_payers, 1) - sum(part) OVER () ELSE 0 END, capped
    FROM parts
    RETURNING submission, units, cost_micro_usd, capped
  )
  UPDATE budget b SET micro_usd = b.micro_usd - (p_per_call + p_per_unit * s.units - s.cost_micro_usd)
  FROM shares s
  WHERE s.capped AND b.submission = s.submission AND b.provider IN ('', p_provider)
    AND p_per_call + p_per_unit * s.units <> s.cost_micro_usd
$$;`;

/**
 * Ends calls with their claims, or amends what was held of them. `p_calls`: [{id, class, message, requests, charged,
 * latencyMs, bytes, units: [{key, outcome, charged}]}]; a claim that `units` does not name ends as its call. What is
 * surely not billed costs nothing and goes back to the budget; a call that was never sent leaves the ledger.
 */
const END_CALLS = `
CREATE FUNCTION end_calls(p_calls json) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE ids uuid[]; c record; old record;
BEGIN
  SELECT array_agg(t.id) INTO ids FROM json_to_recordset(p_calls) AS t(id uuid);
  PERFORM FROM call WHERE id = ANY(ids) ORDER BY id FOR UPDATE;
  PERFORM FROM claim WHERE call = ANY(ids) ORDER BY key FOR UPDATE;
  PERFORM FROM budget WHERE submission IN (SELECT s.submission FROM call_share s
    JOIN json_to_recordset(p_calls) AS t(id uuid, charged text) ON t.id = s.call WHERE t.charged = 'no' AND s.capped)
  ORDER BY submission, provider FOR UPDATE;
  FOR c IN SELECT * FROM json_to_recordset(p_calls) AS t(id uuid, class text, message text, requests int,
      charged text, "latencyMs" int, bytes bigint, units json) LOOP
    SELECT provider, requests, ended_at, charged INTO old FROM call WHERE id = c.id;
    CONTINUE WHEN NOT FOUND;
    UPDATE claim SET ended_at = clock_timestamp(), outcome = coalesce(l.outcome, c.class),
      charged = coalesce(l.charged, c.charged)
    FROM (SELECT k.key, u.outcome, u.charged FROM claim k
      LEFT JOIN json_to_recordset(coalesce(c.units, '[]')) AS u(key uuid, outcome text, charged text) ON u.key = k.key
      WHERE k.call = c.id) l
    WHERE claim.key = l.key;
    IF c.charged = 'no' AND (old.ended_at IS NULL OR old.charged <> 'no') THEN
      UPDATE budget b SET micro_usd = b.micro_usd - s.cost_micro_usd,
        calls = b.calls - CASE WHEN c.requests = 0 THEN old.requests ELSE 0 END
      FROM call_share s
      WHERE s.call = c.id AND s.capped AND b.submission = s.submission AND b.provider IN ('', old.provider);
      UPDATE call_share SET cost_micro_usd = 0 WHERE call = c.id;
    END IF;
    IF c.requests = 0 THEN
      DELETE FROM call_share WHERE call = c.id;
      DELETE FROM call WHERE id = c.id;
    ELSE
      UPDATE call SET ended_at = clock_timestamp(), class = c.class, message = c.message,
        requests = coalesce(c.requests, requests), charged = c.charged, latency_ms = c."latencyMs", bytes = c.bytes,
        cost_micro_usd = CASE WHEN c.charged = 'no' THEN 0 ELSE cost_micro_usd END
      WHERE id = c.id;
    END IF;
  END LOOP;
END $$;`;

/**
 * Ends what nobody ends any more: calls of workers that are dead, as failed(network), charged unknown; and those of
 * this worker's calls, `p_strays`, that it did not send, since it never heard that it had claimed them. Returns the
 * calls of this worker that are open: which of them are strays only it can say, and only once it has this list, since
 * it may begin a call while this runs.
 */
const END_ORPHANS = `
CREATE FUNCTION end_orphans(p_worker uuid, p_strays uuid[], p_dead_ms float8) RETURNS uuid[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE found json;
BEGIN
  SELECT json_agg(CASE WHEN o.worker = p_worker
    THEN json_build_object('id', o.id, 'class', 'network', 'charged', 'no', 'requests', 0)
    ELSE json_build_object('id', o.id, 'class', 'network', 'charged', 'unknown',
      'message', 'its process ended before the call did') END) INTO found
  FROM (
    SELECT c.id, c.worker FROM call c
    WHERE c.ended_at IS NULL AND CASE WHEN c.worker = p_worker THEN c.id = ANY(p_strays)
      ELSE p_dead_ms IS NOT NULL AND NOT EXISTS (SELECT FROM worker w WHERE w.id = c.worker
        AND w.seen_at > clock_timestamp() - make_interval(secs => p_dead_ms / 1000)) END
    ORDER BY c.id FOR UPDATE SKIP LOCKED
  ) o;
  IF found IS NOT NULL THEN PERFORM end_calls(found); END IF;
  RETURN ARRAY(SELECT id FROM call WHERE worker = p_worker AND ended_at IS NULL);
END $$;`;

export const BUYING = [TAKE_BUDGET, SHARE_CALL, BUY_UNITS, END_CALLS, END_ORPHANS];

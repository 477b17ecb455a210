import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Range partitions by the time in a UUIDv7: a month each. The default partition takes what lies
 * outside, so that a wrong clock loses nothing.
 */
const PARTITIONING = `
CREATE FUNCTION uuid_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
CREATE FUNCTION ensure_partitions(months_ahead int DEFAULT 2) RETURNS void LANGUAGE plpgsql AS $$
DECLARE parent text; month timestamptz; name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('assay.ensure_partitions'));
  FOREACH parent IN ARRAY ARRAY['submission_line', 'answer', 'pending_row', 'url_row'] LOOP
    FOR i IN 0..months_ahead LOOP
      month := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => i);
      name := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
      IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent,
          uuid_floor(month), uuid_floor(month + interval '1 month'));
      END IF;
    END LOOP;
  END LOOP;
END $$;`;

const INGEST = `
CREATE TABLE submission (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('receiving','running','paused','complete','cancelled','truncated')),
  lane text NOT NULL CHECK (lane IN ('express','bulk')),
  name text,
  asks text[] NOT NULL,
  round1_ms int NOT NULL,
  deadline_ms int NOT NULL,
  grace_ms int NOT NULL,
  patience_ms int NOT NULL,
  max_age_ms bigint,
  weight int NOT NULL DEFAULT 1 CHECK (weight > 0),
  lines bigint NOT NULL DEFAULT 0,
  accepted bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  cursor_turn int NOT NULL DEFAULT -1,
  cursor_seq bigint NOT NULL DEFAULT -1,
  dispatched bigint NOT NULL DEFAULT 0,
  touched_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  CHECK (lines = accepted + duplicate + rejected)
);
CREATE INDEX submission_open ON submission (id) WHERE state IN ('receiving','running','paused','truncated');
CREATE TABLE submission_line (
  submission uuid NOT NULL,
  seq bigint NOT NULL,
  url text NOT NULL,
  host text NOT NULL,
  domain text NOT NULL,
  bucket int NOT NULL,
  turn int NOT NULL,
  duplicate_of bigint,
  PRIMARY KEY (submission, seq)
) PARTITION BY RANGE (submission);
CREATE INDEX submission_line_order ON submission_line (submission, turn, seq);
CREATE TABLE submission_line_default PARTITION OF submission_line DEFAULT;
CREATE TABLE rejected_line (
  submission uuid NOT NULL,
  seq bigint NOT NULL,
  line text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (submission, seq)
);
CREATE TABLE dispatch (
  submission uuid NOT NULL,
  chunk int NOT NULL,
  after_turn int NOT NULL,
  after_seq bigint NOT NULL,
  to_turn int NOT NULL,
  to_seq bigint NOT NULL,
  row_count int NOT NULL,
  gen int NOT NULL DEFAULT 0,
  partitions smallint NOT NULL,
  dispatched_at timestamptz NOT NULL,
  round1_at timestamptz NOT NULL,
  deadline_at timestamptz NOT NULL,
  lease_owner uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (submission, chunk)
);
CREATE INDEX dispatch_owed ON dispatch (lease_until) WHERE sent_at IS NULL;`;

const FETCHER = `
CREATE TABLE answer (
  id uuid PRIMARY KEY,
  key uuid NOT NULL,
  surface text NOT NULL,
  version int NOT NULL,
  unit text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('ok','absent')),
  numbers json,
  facts json,
  as_of text,
  fetched_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
) PARTITION BY RANGE (id);
CREATE TABLE answer_default PARTITION OF answer DEFAULT;
CREATE TABLE fresh_answer (
  key uuid PRIMARY KEY,
  answer uuid NOT NULL,
  fetched_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE call (
  id uuid PRIMARY KEY,
  provider text NOT NULL,
  limit_key text NOT NULL,
  units int NOT NULL,
  class text NOT NULL,
  message text,
  cost_micro_usd bigint NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL
);
CREATE TABLE call_minute (
  provider text NOT NULL,
  minute timestamptz NOT NULL,
  worker uuid NOT NULL,
  class text NOT NULL,
  calls bigint NOT NULL,
  units bigint NOT NULL,
  PRIMARY KEY (provider, minute, worker, class)
);
CREATE TABLE provider_state (
  provider text NOT NULL,
  limit_key text NOT NULL,
  worker uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('closed','open','half_open','halted','throttled')),
  reason text,
  until timestamptz,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (provider, limit_key, worker)
);`;

const JOINER = `
CREATE TABLE pending_row (
  submission uuid NOT NULL,
  seq bigint NOT NULL,
  lane text NOT NULL,
  partition smallint NOT NULL,
  revision int NOT NULL,
  state json NOT NULL,
  sweep_at timestamptz,
  done_at timestamptz,
  PRIMARY KEY (submission, seq)
) PARTITION BY RANGE (submission);
CREATE INDEX pending_row_sweep ON pending_row (lane, partition, sweep_at) WHERE sweep_at IS NOT NULL;
CREATE TABLE pending_row_default PARTITION OF pending_row DEFAULT;`;

const STORE = `
CREATE TABLE url_row (
  submission uuid NOT NULL,
  seq bigint NOT NULL,
  version int NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting','partial','final')),
  url text,
  host text,
  domain text,
  cells json NOT NULL,
  numbers json NOT NULL,
  spam json,
  quality json,
  spam_probability real,
  quality_score real,
  updated_at timestamptz NOT NULL DEFAULT now(),
  final_at timestamptz,
  PRIMARY KEY (submission, seq)
) PARTITION BY RANGE (submission);
CREATE INDEX url_row_url ON url_row (md5(url));
CREATE TABLE url_row_default PARTITION OF url_row DEFAULT;
CREATE TABLE submission_count (
  submission uuid NOT NULL,
  partition smallint NOT NULL,
  ask text NOT NULL,
  outcome text NOT NULL,
  detail text NOT NULL DEFAULT '',
  n bigint NOT NULL,
  PRIMARY KEY (submission, partition, ask, outcome, detail)
) WITH (fillfactor = 70);`;

export class FirstTables1700000000001 implements MigrationInterface {
  readonly name = 'FirstTables1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [PARTITIONING, INGEST, FETCHER, JOINER, STORE]) await runner.query(sql);
    await runner.query('SELECT ensure_partitions()');
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

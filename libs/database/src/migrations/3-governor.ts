import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BUYING } from './3-buying.js';

/**
 * What all replicas of a fetcher share: permits of limits, breakers, who is alive, cells that wait.
 * \`permit_clock\` is the one clock of limits and quotas; a test may replace it to let a day pass.
 */
const SHARED = `
CREATE FUNCTION permit_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';
CREATE TABLE permit (
  provider text NOT NULL,
  limit_key text NOT NULL,
  credential smallint NOT NULL,
  revision bigint NOT NULL,
  state json NOT NULL,
  idle_at timestamptz NOT NULL,
  PRIMARY KEY (provider, limit_key, credential)
) WITH (fillfactor = 50);
CREATE TABLE breaker (
  provider text NOT NULL,
  limit_key text NOT NULL,
  open_until timestamptz,
  reason text,
  probe_owner uuid,
  probe_until timestamptz,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (provider, limit_key)
);
CREATE INDEX breaker_changed ON breaker (changed_at);
CREATE TABLE worker (
  id uuid PRIMARY KEY,
  providers text[] NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE TABLE parked (
  provider text NOT NULL,
  ask text NOT NULL,
  submission uuid NOT NULL,
  seq bigint NOT NULL,
  gen int NOT NULL,
  lane text NOT NULL,
  partition smallint NOT NULL,
  limit_key text NOT NULL,
  unit text NOT NULL,
  plan json NOT NULL,
  wait_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  not_before timestamptz NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  lease_owner uuid,
  lease_until timestamptz,
  PRIMARY KEY (provider, ask, submission, seq)
);
CREATE INDEX parked_due ON parked (provider, lane, partition, not_before);
CREATE INDEX parked_key ON parked (provider, limit_key, not_before);`;

/**
 * A priced call is a row before it is made: \`ended_at\` null is an intent. A claim is the last purchase of a
 * unit, and points to its call. \`call_share\`: which submission pays what of it (\`capped\`: from its budget);
 * \`budget\`: what a submission with a ceiling has taken, by provider, '' for all of them.
 */
const BOUGHT_ONCE = `
ALTER TABLE call
  ALTER COLUMN class DROP NOT NULL,
  ALTER COLUMN ended_at DROP NOT NULL,
  ADD COLUMN key_id text NOT NULL DEFAULT '',
  ADD COLUMN worker uuid,
  ADD COLUMN attempt int NOT NULL DEFAULT 1,
  ADD COLUMN latency_ms int,
  ADD COLUMN bytes bigint,
  ADD COLUMN charged text NOT NULL DEFAULT 'unknown' CHECK (charged IN ('yes','no','unknown'));
CREATE INDEX call_open ON call (worker) WHERE ended_at IS NULL;
CREATE TABLE call_share (
  call uuid NOT NULL,
  submission uuid NOT NULL,
  units int NOT NULL,
  cost_micro_usd bigint NOT NULL,
  capped boolean NOT NULL DEFAULT false,
  PRIMARY KEY (call, submission, capped)
);
CREATE INDEX call_share_submission ON call_share (submission);
CREATE TABLE claim (
  key uuid PRIMARY KEY,
  call uuid NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text,
  charged text
) WITH (fillfactor = 70);
CREATE INDEX claim_call ON claim (call);
CREATE TABLE budget (
  submission uuid NOT NULL,
  provider text NOT NULL,
  calls bigint NOT NULL,
  micro_usd bigint NOT NULL,
  PRIMARY KEY (submission, provider)
) WITH (fillfactor = 50);`;

/**
 * Ceilings, cancel and retries by a person. \`gen\` counts the retries of a submission; \`retry_rows\` are those
 * of the last one, of which \`retry_dispatched\` went out, up to line \`retry_seq\`.
 */
const CONTROL = `
ALTER TABLE submission
  ADD COLUMN gen int NOT NULL DEFAULT 0,
  ADD COLUMN retry_rows bigint NOT NULL DEFAULT 0,
  ADD COLUMN retry_dispatched bigint NOT NULL DEFAULT 0,
  ADD COLUMN retry_seq bigint NOT NULL DEFAULT -1,
  ADD COLUMN ceilings json,
  ADD COLUMN controlled_at timestamptz,
  ADD COLUMN cancelled_at timestamptz;
CREATE INDEX submission_paused ON submission (id) WHERE state = 'paused';
CREATE INDEX submission_cancelled ON submission (cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE TABLE retry_row (
  submission uuid NOT NULL,
  gen int NOT NULL,
  seq bigint NOT NULL,
  asks text[] NOT NULL,
  PRIMARY KEY (submission, gen, seq)
);
ALTER TABLE dispatch ADD COLUMN cancelled boolean NOT NULL DEFAULT false;
CREATE INDEX submission_unwinding ON submission (id) WHERE state = 'cancelled' AND completed_at IS NULL;
CREATE INDEX provider_state_trouble ON provider_state (until) WHERE state IN ('open','halted','throttled');
ALTER TABLE url_row ADD COLUMN gen int NOT NULL DEFAULT 0;`;

export class Governor1700000000003 implements MigrationInterface {
  readonly name = 'Governor1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SHARED, BOUGHT_ONCE, CONTROL, ...BUYING]) await runner.query(sql);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

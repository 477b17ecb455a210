import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows that had no final version at deadline + grace. A dispatch counts its takes, knows whether the last one
 * went out (until then it is owed), and is settled when all its rows are final or listed as stuck.
 */
const DISPATCH = `
ALTER TABLE dispatch
  ADD COLUMN takes smallint NOT NULL DEFAULT 0,
  ADD COLUMN take_sent_at timestamptz,
  ADD COLUMN settled_at timestamptz;
CREATE INDEX dispatch_unsettled ON dispatch (submission, deadline_at) WHERE settled_at IS NULL;
CREATE INDEX dispatch_take_owed ON dispatch (lease_until) WHERE takes > 0 AND take_sent_at IS NULL;`;

/**
 * Each row that was ever taken up again, once per dispatch: a set, so that a kill counts nothing twice. \`takes\` is
 * the last one it was part of. \`dead\`: the newest dead letter of a stuck row, owed until \`sought_at\`.
 */
const RECONCILED_ROW = `
CREATE TABLE reconciled_row (
  submission uuid NOT NULL,
  chunk int NOT NULL,
  seq bigint NOT NULL,
  gen int NOT NULL,
  takes smallint NOT NULL,
  taken_at timestamptz NOT NULL,
  stuck_at timestamptz,
  sought_at timestamptz,
  dead json,
  PRIMARY KEY (submission, chunk, seq)
);
CREATE INDEX reconciled_row_stuck ON reconciled_row (submission, seq) WHERE stuck_at IS NOT NULL;
CREATE INDEX reconciled_row_sought ON reconciled_row (stuck_at) WHERE stuck_at IS NOT NULL AND sought_at IS NULL;`;

export class Reconcile1700000000005 implements MigrationInterface {
  readonly name = 'Reconcile1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [DISPATCH, RECONCILED_ROW]) await runner.query(sql);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

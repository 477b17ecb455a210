import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How each process is, written by itself once a second: how late its timers fire, how long its express rows took to be
 * written (null: it writes none, or none came), and fill and bound of its queues. Of a dead process nothing is left
 * after a minute. Not worth a log: after a crash of PostgreSQL it is empty for a second.
 */
const SERVICE_PULSE = `
CREATE UNLOGGED TABLE service_pulse (
  worker uuid PRIMARY KEY,
  service text NOT NULL,
  loop_lag_ms real NOT NULL,
  express_flush_ms real,
  queues json NOT NULL,
  at timestamptz NOT NULL
) WITH (fillfactor = 50);`;

export class Overload1700000000008 implements MigrationInterface {
  readonly name = 'Overload1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SERVICE_PULSE);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

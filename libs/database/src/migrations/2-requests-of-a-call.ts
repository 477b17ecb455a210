import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A batch may take several requests (an endpoint for each number): the ledger says how many went out. */
export class RequestsOfACall1700000000002 implements MigrationInterface {
  readonly name = 'RequestsOfACall1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE call ADD COLUMN requests int NOT NULL DEFAULT 1');
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

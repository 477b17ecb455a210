import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the first chunk of the same submission and generation was dispatched: repeated by every re-send. Null: before this. */
const FRESH_FROM = `
ALTER TABLE dispatch ADD COLUMN fresh_from timestamptz;`;

export class FreshFrom1700000000007 implements MigrationInterface {
  readonly name = 'FreshFrom1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FRESH_FROM);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the asks that a retry raises in a row, those whose own cell it is about. Null: all of them, as before this. */
const MATCHED = `
ALTER TABLE retry_row ADD COLUMN matched text[];`;

export class MatchedAsks1700000000009 implements MigrationInterface {
  readonly name = 'MatchedAsks1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MATCHED);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

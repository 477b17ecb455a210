import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Dead letters that were returned to their group, by where they lie; \`died_at\` tells a letter from one that had
 * its place in a log that is no more. Written once the broker has acknowledged the message.
 */
const REPLAYED = `
CREATE TABLE replayed_letter (
  topic text NOT NULL,
  partition int NOT NULL,
  "offset" bigint NOT NULL,
  died_at timestamptz NOT NULL,
  times int NOT NULL DEFAULT 1,
  replayed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, "offset", died_at)
);`;

/** What a parked cell needs so that a message can be made of it again. */
const PARKED = `ALTER TABLE parked ADD COLUMN "row" json NOT NULL DEFAULT '{}'`;

export class DeadLetters1700000000006 implements MigrationInterface {
  readonly name = 'DeadLetters1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [REPLAYED, PARKED]) await runner.query(sql);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

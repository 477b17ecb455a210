import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The last minute of calls as each fetcher saw it, by provider and limit key; '' is the provider as a
 * whole and alone has what is not a limit key's: \`in_flight\`, \`waiting\`, \`lag\`, null where not known.
 * Of a limit key that is not busy nor troubled no row is written.
 */
const PROVIDER_STATS = `
CREATE TABLE provider_stat (
  provider text NOT NULL,
  limit_key text NOT NULL,
  worker uuid NOT NULL,
  calls int NOT NULL,
  by_class json NOT NULL,
  p50_ms real,
  p95_ms real,
  histogram json NOT NULL,
  span_ms int NOT NULL,
  in_flight int,
  waiting int,
  lag bigint,
  at timestamptz NOT NULL,
  PRIMARY KEY (provider, limit_key, worker)
) WITH (fillfactor = 50);
CREATE INDEX provider_stat_worker ON provider_stat (worker);`;

export class ProviderStats1700000000004 implements MigrationInterface {
  readonly name = 'ProviderStats1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROVIDER_STATS);
  }

  down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup to go back.');
  }
}

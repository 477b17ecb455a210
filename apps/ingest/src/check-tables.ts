import { parseUrl } from '@assay/contracts';
import type { Database } from '@assay/database';

const TABLES = [
  'submission',
  'submission_line',
  'rejected_line',
  'dispatch',
  'reconciled_row',
  'submission_count',
  'service_pulse',
];

/** The database is not ready for this service; the message says what to do. */
export class DatabaseNotReady extends Error {}

/** @throws DatabaseNotReady with what to do */
export async function checkTables(database: Database): Promise<void> {
  const found = await database.query<{ name: string }>({
    text: 'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL',
    values: [TABLES],
  });
  if (found.rows.length === 0) return;
  const missing = found.rows.map(({ name }) => name).join(', ');
  throw new DatabaseNotReady(
    `PostgreSQL lacks the tables ${missing}: bring the database up to date before ingest starts.`,
  );
}

/** Names the place, never user or password. */
export function unreachable(databaseUrl: string, cause: unknown): DatabaseNotReady {
  const place = parseUrl(databaseUrl)?.host ?? 'DATABASE_URL';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseNotReady(
    `PostgreSQL at ${place} cannot be used (${why}): see that it runs and that DATABASE_URL is right.`,
    { cause },
  );
}

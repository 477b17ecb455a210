import type { Database } from '@assay/database';

const TABLES = ['submission', 'submission_line', 'rejected_line', 'dispatch', 'submission_count'];

/** The database is not ready for this service. */
export class TablesMissing extends Error {}

/** @throws TablesMissing with what to do */
export async function checkTables(database: Database): Promise<void> {
  const found = await database.query<{ name: string }>({
    text: 'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL',
    values: [TABLES],
  });
  if (found.rows.length === 0) return;
  const missing = found.rows.map(({ name }) => name).join(', ');
  throw new TablesMissing(
    `PostgreSQL lacks the tables ${missing}: bring the database up to date before ingest starts.`,
  );
}

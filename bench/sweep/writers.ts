import type { Database } from '@assay/database';

const ROWS_PER_WRITE = 500;

/** Writes rows as the joiner's flushes do, one statement after the other, all over the table: dead versions pile up. */
export function startWriters(database: Database): { stop(): Promise<number> } {
  let running = true;
  let updated = 0;
  const write = async () => {
    for (let from = 0; running; from++) {
      const result = await database.query({
        name: 'bench-write',
        text: WRITE,
        values: [from, ROWS_PER_WRITE],
      });
      updated += result.rowCount ?? 0;
    }
  };
  const writing = write();
  return {
    stop: async () => {
      running = false;
      await writing;
      return updated;
    },
  };
}

const WRITE = `
UPDATE pending_row p SET revision = p.revision + 1, state = p.state,
  sweep_at = CASE WHEN p.sweep_at > now() + interval '10 minutes' THEN p.sweep_at - interval '1 second' ELSE p.sweep_at END
FROM (SELECT id FROM submission WHERE state = 'running' AND lane = 'bulk' ORDER BY id OFFSET $1 % 40 LIMIT 1) AS s
WHERE p.submission = s.id AND p.seq BETWEEN ($1 / 40) * $2 AND ($1 / 40 + 1) * $2 AND p.revision >= 5`;

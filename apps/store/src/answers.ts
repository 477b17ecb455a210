import type { NumbersByAsk } from '@assay/indicators';
import type { DatabaseClient } from './database-client.js';

type Numbers = NumbersByAsk[string];

const READ = `
SELECT i.id, a.numbers FROM unnest($1::uuid[]) AS i(id)
CROSS JOIN LATERAL (SELECT numbers FROM answer WHERE id = i.id LIMIT 1) AS a`;

/** Numbers of the stored answers, by id; an id that is not stored is missing from the map. */
export async function readAnswers(
  client: DatabaseClient,
  ids: Iterable<string>,
): Promise<Map<string, Numbers>> {
  const sorted = [...new Set(ids)].sort();
  if (sorted.length === 0) return new Map();
  const { rows } = await client.query<{ id: string; numbers: Numbers | null }>({
    name: 'read-answers',
    text: READ,
    values: [sorted],
  });
  return new Map(rows.map(({ id, numbers }) => [id, numbers ?? {}]));
}

import type { Database } from '@assay/database';
import { placeText, type DeadLetterFound, type Origin } from '@assay/messaging';

/** Where a letter lies and when it was written: a log made anew counts its offsets anew. */
export interface LetterId {
  readonly letter: Origin;
  readonly at: string;
}

const GIVEN = `unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[]) AS g(topic, partition, "offset", died_at)`;

const READ = `
SELECT r.topic, r.partition, r."offset"::text AS "offset", r.replayed_at
FROM ${GIVEN} JOIN replayed_letter r USING (topic, partition, "offset", died_at)`;

const MARK = `
INSERT INTO replayed_letter AS r (topic, partition, "offset", died_at)
SELECT topic, partition, "offset", died_at FROM ${GIVEN} ORDER BY 1, 2, 3, 4
ON CONFLICT (topic, partition, "offset", died_at) DO UPDATE SET times = r.times + 1, replayed_at = now()`;

/** When these letters were returned last, by place; those that never were are missing. */
export async function returnedAt(database: Database, ids: readonly LetterId[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const { rows } = await database.query<Origin & { replayed_at: Date }>({
    name: 'replayed-letters',
    text: READ,
    values: valuesOf(ids),
  });
  return new Map(rows.map((row) => [placeText(row), row.replayed_at]));
}

/** Call it once the broker has them: killed before, they are returned twice and never lost. */
export async function markReturned(database: Database, ids: readonly LetterId[]): Promise<void> {
  if (ids.length > 0) await database.query({ name: 'mark-replayed', text: MARK, values: valuesOf(ids) });
}

export function idOf({ place, at }: DeadLetterFound): LetterId {
  return { letter: place, at: new Date(at).toISOString() };
}

function valuesOf(ids: readonly LetterId[]): unknown[] {
  return [
    ids.map(({ letter }) => letter.topic),
    ids.map(({ letter }) => letter.partition),
    ids.map(({ letter }) => letter.offset),
    ids.map(({ at }) => at),
  ];
}

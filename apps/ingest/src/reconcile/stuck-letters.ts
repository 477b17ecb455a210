import type { Database } from '@assay/database';
import { rowsIn, type DeadLetterFound } from '@assay/messaging';

/** Looked for together; the rest waits for the next look. */
const AT_ONCE = 5_000;

export type ScanLetters = (each: (letter: DeadLetterFound) => void, signal: AbortSignal) => Promise<void>;

type StoredLetter = ReturnType<typeof storedOf>;

interface Unsought {
  readonly submission: string;
  readonly seq: string;
}

/**
 * Finds the newest dead letter of each row that has become stuck, in one pass over all of them. Owed until it is
 * written; a row without one is sought once.
 * @returns rows sought
 */
export async function findStuckLetters(
  database: Database,
  scan: ScanLetters,
  signal: AbortSignal,
): Promise<number> {
  const { rows } = await database.query<Unsought>({ name: 'unsought', text: UNSOUGHT, values: [AT_ONCE] });
  if (rows.length === 0) return 0;
  const newest = new Map<string, StoredLetter | undefined>();
  for (const { submission, seq } of rows) newest.set(`${submission}/${seq}`, undefined);
  await scan((letter) => {
    for (const { submission, seq } of rowsIn(letter.value)) {
      const key = `${submission}/${seq}`;
      if (newest.has(key) && letter.at >= (newest.get(key)?.at ?? 0)) newest.set(key, storedOf(letter));
    }
  }, signal);
  const found = rows.map((row) => ({ ...row, dead: newest.get(`${row.submission}/${row.seq}`) ?? null }));
  await database.query({ name: 'letters-found', text: FOUND, values: [JSON.stringify(found)] });
  return rows.length;
}

/** As it is stored and shown: without the message itself. */
function storedOf(letter: DeadLetterFound) {
  const { at, code, reason, group, place } = letter;
  const { topic, partition, offset } = place;
  return { topic, partition, offset: Number(offset), at, code, reason, group };
}

const UNSOUGHT = `
SELECT DISTINCT submission, seq FROM (
  SELECT submission, seq FROM reconciled_row WHERE stuck_at IS NOT NULL AND sought_at IS NULL
  ORDER BY stuck_at LIMIT $1
) AS unsought`;

const FOUND = `
UPDATE reconciled_row r SET sought_at = clock_timestamp(), dead = f.dead
FROM json_to_recordset($1::json) AS f(submission uuid, seq bigint, dead json)
WHERE r.submission = f.submission AND r.seq = f.seq AND r.stuck_at IS NOT NULL AND r.sought_at IS NULL`;

import type { Database } from '@assay/database';
import type { DispatchRow } from './dispatch-plan.js';

/** A place in the order in which rows go out. Those of a retry go by line alone: their turn is 0. */
export interface Place {
  readonly turn: number;
  readonly seq: string;
}

export interface RangeStart {
  readonly submission: string;
  /** 0: all rows; of a retry: those it is about. */
  readonly gen: number;
  readonly after: Place;
}

interface LineRow extends Omit<DispatchRow, 'seq'> {
  readonly seq: string;
  readonly turn: number;
}

/** The next `count` rows: asked again from the same start, the same ones. `end` is the place of the last. */
export async function readRange(
  database: Pick<Database, 'query'>,
  { submission, gen, after }: RangeStart,
  count: number,
): Promise<{ rows: DispatchRow[]; end: Place | undefined }> {
  const { rows } = await database.query<LineRow>(
    gen === 0
      ? { name: 'range-spool', text: SPOOL, values: [submission, after.turn, after.seq, count] }
      : { name: 'range-retry', text: RETRY, values: [submission, gen, after.seq, count] },
  );
  const last = rows.at(-1);
  return {
    rows: rows.map(({ turn: _, ...row }) => ({ ...row, seq: Number(row.seq) })),
    end: last && { turn: last.turn, seq: last.seq },
  };
}

const SPOOL = `
SELECT seq, url, host, domain, bucket, turn FROM submission_line
WHERE submission = $1 AND duplicate_of IS NULL AND (turn, seq) > ($2, $3)
ORDER BY turn, seq LIMIT $4`;

const RETRY = `
SELECT r.seq, l.url, l.host, l.domain, l.bucket, 0 AS turn, r.asks, r.matched
FROM (SELECT seq, asks, matched FROM retry_row WHERE submission = $1 AND gen = $2 AND seq > $3 ORDER BY seq LIMIT $4) AS r
CROSS JOIN LATERAL (
  SELECT url, host, domain, bucket FROM submission_line WHERE submission = $1 AND seq = r.seq LIMIT 1
) AS l
ORDER BY r.seq`;

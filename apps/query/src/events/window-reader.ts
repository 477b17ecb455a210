import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@assay/database';
import { DATABASE } from '../tokens.js';
import type { RowVersion, RowWindow } from './changes.js';

const VERSIONS = `
SELECT w.place, v.seq, v.version
FROM unnest($2::bigint[], $3::int[]) WITH ORDINALITY AS w(after, row_limit, place)
CROSS JOIN LATERAL (
  SELECT l.seq, coalesce(r.version, 0) AS version
  FROM submission_line l LEFT JOIN url_row r ON r.submission = $1 AND r.seq = l.seq AND r.seq > w.after
  WHERE l.submission = $1 AND l.duplicate_of IS NULL AND l.seq > w.after
  ORDER BY l.seq LIMIT w.row_limit
) v`;

/** Versions of the rows in several windows of one submission, in one statement. */
@Injectable()
export class WindowReader {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** A list per window, in the order given. */
  async versions(submission: string, windows: readonly RowWindow[]): Promise<RowVersion[][]> {
    const values = [submission, windows.map(({ after }) => after), windows.map(({ limit }) => limit)];
    const query = { name: 'window-versions', text: VERSIONS, values };
    const found = await this.database.query<{ place: string; seq: string; version: number }>(query);
    const lists: RowVersion[][] = windows.map(() => []);
    for (const { place, seq, version } of found.rows)
      lists[Number(place) - 1]?.push({ seq: Number(seq), version });
    return lists;
  }
}

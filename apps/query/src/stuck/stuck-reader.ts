import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetterPlace, Reconciled, StuckRow } from '@assay/contracts';
import type { Database } from '@assay/database';
import { DATABASE } from '../tokens.js';

/** Listed as stuck, and without a final version still: a replayed dead letter may have brought one since. */
const STUCK = `(r.stuck_at IS NOT NULL AND (
  SELECT u.gen > r.gen OR (u.gen = r.gen AND u.state = 'final') FROM url_row u
  WHERE u.submission = r.submission AND u.seq = r.seq LIMIT 1) IS NOT TRUE)`;

const COUNTS = `
SELECT r.submission, count(DISTINCT r.seq)::int AS rows, count(DISTINCT r.seq) FILTER (WHERE ${STUCK})::int AS stuck
FROM reconciled_row r WHERE r.submission = ANY($1::uuid[]) GROUP BY r.submission`;

const TOTALS = `
SELECT (SELECT count(*) FROM reconciled_row)::float8 AS rows,
  (SELECT count(*) FROM reconciled_row r WHERE ${STUCK})::float8 AS stuck`;

const LIST = `
SELECT DISTINCT ON (r.seq) r.seq, l.url, r.stuck_at, r.takes, r.dead
FROM reconciled_row r JOIN submission_line l ON l.submission = r.submission AND l.seq = r.seq
WHERE r.submission = $1 AND r.seq > $2 AND ${STUCK}
ORDER BY r.seq, r.chunk DESC LIMIT $3`;

interface StuckRecord {
  readonly seq: string;
  readonly url: string;
  readonly stuck_at: Date;
  readonly takes: number;
  readonly dead: (Omit<DeadLetterPlace, 'at'> & { readonly at: number }) | null;
}

/** Reads which rows were taken up again, and which of them are stuck. */
@Injectable()
export class StuckReader {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** By submission; one without such rows is missing. */
  async counts(submissions: readonly string[]): Promise<Map<string, Reconciled>> {
    const query = { name: 'reconciled-counts', text: COUNTS, values: [submissions] };
    const { rows } = await this.database.query<Reconciled & { submission: string }>(query);
    return new Map(rows.map(({ submission, ...counts }) => [submission, counts]));
  }

  /** Over all submissions; a row counts once for each dispatch that it was part of. */
  async totals(): Promise<Reconciled> {
    const { rows } = await this.database.query<Reconciled & object>({
      name: 'reconciled-totals',
      text: TOTALS,
    });
    return rows[0]!;
  }

  async page(submission: string, after: number, limit: number): Promise<StuckRow[]> {
    const query = { name: 'stuck-rows', text: LIST, values: [submission, after, limit] };
    const { rows } = await this.database.query<StuckRecord & object>(query);
    return rows.map(({ seq, url, stuck_at, takes, dead }) => ({
      seq: Number(seq),
      url,
      since: stuck_at.toISOString(),
      takes,
      deadLetter: dead && { ...dead, at: new Date(dead.at).toISOString() },
    }));
  }
}

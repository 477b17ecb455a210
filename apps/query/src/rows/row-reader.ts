import { Inject, Injectable } from '@nestjs/common';
import type { RowView } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { RejectedLine } from '../openapi/shapes.js';
import { DATABASE } from '../tokens.js';
import { isUnfiltered, type RowFilter } from './row-filter.js';
import { rowView, type RowRecord } from './row-view.js';

const COLUMNS = `l.submission, l.seq, l.url, l.host, l.domain,
  r.state, r.version, r.cells, r.numbers, r.spam, r.quality`;
const JOINED = `submission_line l LEFT JOIN url_row r ON r.submission = $1 AND r.seq = l.seq`;
/**
 * The bound on `r` follows from that on `l`, but PostgreSQL does not see it: without it a merge join reads
 * `r` from the submission's first row (a page in the middle of a million: 615 ms, with it 1.4 ms).
 */
const JOINED_AFTER = `${JOINED} AND r.seq > $2`;

const ROWS = `
SELECT ${COLUMNS} FROM ${JOINED_AFTER}
WHERE l.submission = $1 AND l.duplicate_of IS NULL AND l.seq > $2
ORDER BY l.seq LIMIT $3`;

const MATCHING = `
SELECT ${COLUMNS} FROM ${JOINED_AFTER}
WHERE l.submission = $1 AND l.duplicate_of IS NULL AND l.seq > $2 AND l.seq <= $4
  AND ($5::text IS NULL OR coalesce(r.state, 'waiting') = $5)
  AND ($6::text IS NULL OR EXISTS (
    SELECT FROM json_each(r.cells) c WHERE c.value->>'outcome' = $6 AND ($7::text IS NULL OR c.key = $7)))
ORDER BY l.seq LIMIT $3`;

const LAST_SEQ = `SELECT max(seq) AS seq FROM submission_line WHERE submission = $1`;

const SOME = `
SELECT ${COLUMNS} FROM ${JOINED}
WHERE l.submission = $1 AND l.seq = ANY($2::bigint[]) ORDER BY l.seq`;

/** A URL is distinct within a submission, so the submission alone is the position in this list. */
const OF_URL = `
SELECT submission, seq, url, host, domain, state, version, cells, numbers, spam, quality
FROM url_row WHERE md5(url) = md5($1) AND url = $1 AND ($2::uuid IS NULL OR submission < $2)
ORDER BY submission DESC LIMIT $3`;

const REJECTED = `
SELECT seq, line, reason FROM rejected_line WHERE submission = $1 AND seq > $2 ORDER BY seq LIMIT $3`;

/** Lines looked at by one statement of a filtered page, and the time after which it is handed over as it is. */
const LOOK_AT = 20_000;
const LOOK_FOR_MS = 1_000;

export interface RowSlice {
  readonly rows: RowView[];
  /** Seq to go on after; undefined at the end. */
  readonly next: number | undefined;
}

/** Reads rows by seq; nothing here holds more than a page. */
@Injectable()
export class RowReader {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * Rows after `after`. A filtered slice may hold fewer rows than `limit`, even none, while more
   * follow: looking for rare rows in a million is cut after a second.
   */
  async slice(submission: string, filter: RowFilter, after: number, limit: number): Promise<RowSlice> {
    if (!isUnfiltered(filter)) return this.matching(submission, filter, after, limit);
    const query = { name: 'rows', text: ROWS, values: [submission, after, limit] };
    const rows = (await this.database.query<RowRecord>(query)).rows.map(rowView);
    return { rows, next: rows.length === limit ? rows.at(-1)?.seq : undefined };
  }

  private async matching(
    submission: string,
    filter: RowFilter,
    after: number,
    limit: number,
  ): Promise<RowSlice> {
    const lastSeq = await this.lastSeq(submission);
    const until = performance.now() + LOOK_FOR_MS;
    const rows: RowView[] = [];
    let looked = after;
    while (looked < lastSeq) {
      const upTo = looked + LOOK_AT;
      const values = [
        submission,
        looked,
        limit - rows.length,
        upTo,
        filter.state ?? null,
        filter.outcome ?? null,
        filter.ask ?? null,
      ];
      const found = await this.database.query<RowRecord>({ name: 'rows-matching', text: MATCHING, values });
      for (const record of found.rows) rows.push(rowView(record));
      if (rows.length === limit) return { rows, next: rows.at(-1)?.seq };
      looked = upTo;
      if (performance.now() > until && looked < lastSeq) return { rows, next: looked };
    }
    return { rows, next: undefined };
  }

  private async lastSeq(submission: string): Promise<number> {
    const query = { name: 'last-seq', text: LAST_SEQ, values: [submission] };
    const found = await this.database.query<{ seq: string | null }>(query);
    return Number(found.rows[0]?.seq ?? -1);
  }

  /** The rows at these seqs, in their order. */
  async some(submission: string, seqs: readonly number[]): Promise<RowView[]> {
    const query = { name: 'rows-some', text: SOME, values: [submission, seqs] };
    return (await this.database.query<RowRecord>(query)).rows.map(rowView);
  }

  /** Rows of one URL over all submissions, newest first, that were dispatched. */
  async ofUrl(url: string, before: string | undefined, limit: number): Promise<RowView[]> {
    const query = { name: 'rows-of-url', text: OF_URL, values: [url, before ?? null, limit] };
    return (await this.database.query<RowRecord>(query)).rows.map(rowView);
  }

  async rejected(submission: string, after: number, limit: number): Promise<RejectedLine[]> {
    const query = { name: 'rejected', text: REJECTED, values: [submission, after, limit] };
    const found = await this.database.query<RejectedLine & { seq: unknown }>(query);
    return found.rows.map((line) => ({ ...line, seq: Number(line.seq) }));
  }
}

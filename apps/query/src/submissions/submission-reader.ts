import { Inject, Injectable } from '@nestjs/common';
import type { SubmissionView } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Registry } from '@assay/providers';
import { notFound } from '../http/problem.js';
import { StuckReader } from '../stuck/stuck-reader.js';
import { DATABASE, REGISTRY } from '../tokens.js';
import { submissionView, type CountRecord, type SubmissionRecord } from './submission-view.js';

const COLUMNS = `id, name, state, lane, asks, lines, accepted, duplicate, rejected, ceilings, created_at,
  completed_at`;

const ONE = `SELECT ${COLUMNS} FROM submission WHERE id = $1`;
const NEWEST = `SELECT ${COLUMNS} FROM submission WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`;
const COUNTS = `
SELECT submission, ask, outcome, detail, sum(n)::text AS n
FROM submission_count WHERE submission = ANY($1::uuid[])
GROUP BY submission, ask, outcome, detail`;

/** Reads submissions with their counts. */
@Injectable()
export class SubmissionReader {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(REGISTRY) private readonly registry: Registry,
    private readonly stuck: StuckReader,
  ) {}

  /** @throws ProblemError 404 */
  async view(id: string): Promise<SubmissionView> {
    const [record, counts, reconciled] = await Promise.all([
      this.record(id),
      this.counts([id]),
      this.stuck.counts([id]),
    ]);
    return submissionView(record, counts, this.registry, reconciled.get(id));
  }

  /** @throws ProblemError 404 */
  async record(id: string): Promise<SubmissionRecord> {
    const found = await this.database.query<SubmissionRecord>({
      name: 'submission',
      text: ONE,
      values: [id],
    });
    const record = found.rows[0];
    if (!record)
      throw notFound('There is no submission with this id. GET /v1/submissions lists those there are.');
    return record;
  }

  /** Newest first, those before `before`. */
  async page(before: string | undefined, limit: number): Promise<SubmissionView[]> {
    const values = [before ?? null, limit];
    const found = await this.database.query<SubmissionRecord>({ name: 'submissions', text: NEWEST, values });
    const ids = found.rows.map((record) => record.id);
    const [counts, reconciled] = await Promise.all([this.counts(ids), this.stuck.counts(ids)]);
    const bySubmission = groupBySubmission(counts);
    return found.rows.map((record) =>
      submissionView(record, bySubmission.get(record.id) ?? [], this.registry, reconciled.get(record.id)),
    );
  }

  private async counts(ids: readonly string[]): Promise<CountRecord[]> {
    if (ids.length === 0) return [];
    const query = { name: 'submission-counts', text: COUNTS, values: [ids] };
    return (await this.database.query<CountRecord>(query)).rows;
  }
}

function groupBySubmission(counts: readonly CountRecord[]): Map<string, CountRecord[]> {
  const groups = new Map<string, CountRecord[]>();
  for (const count of counts) {
    const group = groups.get(count.submission);
    if (group) group.push(count);
    else groups.set(count.submission, [count]);
  }
  return groups;
}

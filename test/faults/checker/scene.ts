import type pg from 'pg';
import type { Findings } from './report.js';
import type { TopicContents } from './read-topics.js';
import type { Simulator } from './simulator.js';

/** The row of `submission`, numbers as numbers. */
export interface Submission {
  readonly id: string;
  readonly state: string;
  readonly completed: boolean;
  readonly asks: readonly string[];
  readonly lines: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly dispatched: number;
  readonly gen: number;
  readonly retryRows: number;
  readonly retryDispatched: number;
}

/** What every part of the check is given. */
export interface Scene {
  readonly database: pg.Pool;
  readonly simulator: Simulator;
  readonly submission: Submission;
  readonly topics: TopicContents;
  readonly findings: Findings;
  /** Every outcome must be the truth's. */
  readonly strict: boolean;
}

const SUBMISSION = `
SELECT id, state, completed_at IS NOT NULL AS completed, asks, lines::float8, accepted::float8, duplicate::float8,
  rejected::float8, dispatched::float8, gen, retry_rows::float8 AS "retryRows",
  retry_dispatched::float8 AS "retryDispatched"
FROM submission WHERE id = $1`;

/** @throws where there is no such submission */
export async function readSubmission(database: pg.Pool, id: string): Promise<Submission> {
  const { rows } = await database.query<Submission>(SUBMISSION, [id]);
  if (rows[0]) return rows[0];
  throw new Error(`there is no submission ${id} in this database`);
}

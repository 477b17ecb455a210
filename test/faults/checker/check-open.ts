import type pg from 'pg';
import type { FaultKind, Findings } from './report.js';
import { readSubmission } from './scene.js';

/** What must be nowhere once a submission has ended: `place` of each. */
const OPEN: readonly (readonly [kind: FaultKind, expected: string, sql: string])[] = [
  [
    'row-open',
    'final, with nothing due or owed',
    `SELECT 'pending row ' || seq AS place FROM pending_row WHERE submission = $1 AND NOT (
       coalesce((state ->> 'final')::boolean, false) AND sweep_at IS NULL
       AND coalesce(json_array_length(state -> 'owed'), 0) = 0)`,
  ],
  [
    'dispatch-owed',
    'sent',
    `SELECT 'dispatch ' || chunk AS place FROM dispatch WHERE submission = $1 AND sent_at IS NULL`,
  ],
  [
    'dispatch-owed',
    'sent',
    `SELECT 'dispatch ' || chunk || ', take ' || takes AS place FROM dispatch
      WHERE submission = $1 AND takes > 0 AND take_sent_at IS NULL`,
  ],
  [
    'parked',
    'nothing parked',
    `SELECT 'parked row ' || seq || ' ' || ask AS place FROM parked WHERE submission = $1`,
  ],
  [
    'claim-open',
    'ended',
    `SELECT 'claim ' || key AS place FROM claim WHERE ended_at IS NULL AND $1::uuid IS NOT NULL`,
  ],
  [
    'call-open',
    'ended',
    `SELECT 'call ' || id AS place FROM call WHERE ended_at IS NULL AND $1::uuid IS NOT NULL`,
  ],
];

/** Nothing is open, owed, parked or claimed. Calls and claims are those of all submissions: the system is at rest. */
export async function checkOpen(database: pg.Pool, id: string, findings: Findings): Promise<void> {
  for (const [kind, expected, sql] of OPEN) {
    const { rows } = await database.query<{ place: string }>(sql, [id]);
    for (const { place } of rows) findings.add(kind, place, expected, 'open');
  }
  const { state, completed, accepted, dispatched, retryRows, retryDispatched } = await readSubmission(
    database,
    id,
  );
  if (!completed || !['complete', 'cancelled'].includes(state))
    findings.add(
      'submission-open',
      'submission',
      'complete or cancelled',
      completed ? state : `${state}, not ended`,
    );
  if (dispatched !== accepted) findings.add('dispatch-owed', 'submission', accepted, dispatched);
  if (retryDispatched !== retryRows) findings.add('retry-owed', 'submission', retryRows, retryDispatched);
}

import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { TakeState } from './decide-take.js';

type Queries = Pick<Database, 'query'>;

/** A dispatch that is due, locked until the transaction ends. */
export interface DueDispatch extends TakeState {
  readonly submission: string;
  readonly chunk: number;
  readonly gen: number;
  readonly afterTurn: number;
  readonly afterSeq: string;
  readonly toTurn: number;
  readonly toSeq: string;
}

/** Lanes with a dispatch that is due, and the database's clock at that moment. */
export async function dueLanes(database: Database): Promise<{ at: number; lanes: Lane[] }> {
  const { rows } = await database.query<{ at: number; lanes: Lane[] }>({
    name: 'reconcile-look',
    text: LOOK,
  });
  return rows[0]!;
}

/** The next dispatch of a lane that was due at `passedAt` and that nobody else is at. */
export async function lockDue(
  client: Queries,
  lane: Lane,
  passedAt: number,
): Promise<DueDispatch | undefined> {
  const { rows } = await client.query<DueDispatch>({
    name: 'reconcile-lock',
    text: LOCK,
    values: [lane, passedAt],
  });
  return rows[0];
}

/** Rows of a dispatch that have no final version of its gen, nor any of a later one. */
export async function missingRows(client: Queries, due: DueDispatch): Promise<number[]> {
  const { submission, gen, afterTurn, afterSeq, toTurn, toSeq } = due;
  const { rows } = await client.query<{ seq: number }>(
    gen === 0
      ? { name: 'missing-spool', text: SPOOL, values: [submission, gen, afterTurn, afterSeq, toTurn, toSeq] }
      : { name: 'missing-retry', text: RETRY, values: [submission, gen, afterSeq, toSeq] },
  );
  return rows.map(({ seq }) => seq);
}

/** Of a complete submission every row is final: it is not looked at. */
const OPEN = `(
  SELECT id, lane, grace_ms FROM submission WHERE state IN ('running', 'paused')
  UNION ALL SELECT id, lane, grace_ms FROM submission WHERE state = 'cancelled' AND completed_at IS NULL
) AS s`;

/** The bound on \`deadline_at\` alone follows from the rest, and is what the index is read by. */
const DUE = (at: string) => `d.submission = s.id AND d.settled_at IS NULL AND d.sent_at IS NOT NULL
    AND d.deadline_at <= ${at} - s.grace_ms * interval '1 ms'
    AND (d.takes = 0 OR d.take_sent_at <= ${at})`;

const LOOK = `
WITH clock AS (SELECT date_trunc('milliseconds', clock_timestamp()) AS at)
SELECT (extract(epoch FROM clock.at) * 1000)::float8 AS at, ARRAY(
  SELECT DISTINCT s.lane FROM ${OPEN} WHERE EXISTS (SELECT FROM dispatch d WHERE ${DUE('clock.at')})
) AS lanes
FROM clock`;

const LOCK = `
SELECT d.submission, d.chunk, d.gen, d.takes, d.sent, d."dueAt",
  d.after_turn AS "afterTurn", d.after_seq AS "afterSeq", d.to_turn AS "toTurn", d.to_seq AS "toSeq"
FROM ${OPEN} CROSS JOIN LATERAL (
  SELECT d.*, d.take_sent_at IS NOT NULL AS sent,
    (extract(epoch FROM CASE d.takes WHEN 1 THEN d.take_sent_at
      ELSE d.deadline_at + s.grace_ms * interval '1 ms' END) * 1000)::float8 AS "dueAt"
  FROM dispatch d WHERE ${DUE('to_timestamp($2 / 1000.0)')}
  ORDER BY d.deadline_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
) AS d
WHERE s.lane = $1 LIMIT 1`;

/**
 * One by one through the key's index: a planner that guesses wrong would read the whole table. A row of a later gen
 * was final before, and is the concern of the retry's own dispatch.
 */
const ARRIVED = (seq: string) => `(
  SELECT u.gen > $2::int OR (u.gen = $2::int AND u.state = 'final') FROM url_row u
  WHERE u.submission = $1 AND u.seq = ${seq} LIMIT 1)`;

const SPOOL = `
SELECT l.seq::float8 AS seq FROM submission_line l
WHERE l.submission = $1 AND l.duplicate_of IS NULL AND (l.turn, l.seq) > ($3, $4) AND (l.turn, l.seq) <= ($5, $6)
  AND ${ARRIVED('l.seq')} IS NOT TRUE
ORDER BY l.turn, l.seq`;

const RETRY = `
SELECT r.seq::float8 AS seq FROM retry_row r
WHERE r.submission = $1 AND r.gen = $2::int AND r.seq > $3 AND r.seq <= $4 AND ${ARRIVED('r.seq')} IS NOT TRUE
ORDER BY r.seq`;

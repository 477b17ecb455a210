import type { Facts } from '@assay/contracts';
import { postgresPurchases } from '../buying/postgres-purchases.js';
import type { QueryPort } from './query-port.js';
import { AnswersRefused, type AnswerStore, type Commit, type FreshAnswer } from './answer-store.js';

const FIND_FRESH = `
SELECT f.key, f.answer AS id, a.outcome, a.facts,
  (extract(epoch FROM f.fetched_at) * 1000)::float8 AS "fetchedAt",
  (extract(epoch FROM f.expires_at) * 1000)::float8 AS "expiresAt"
FROM fresh_answer f
CROSS JOIN LATERAL (SELECT outcome, facts FROM answer WHERE id = f.answer LIMIT 1) a
WHERE f.key = ANY($1::uuid[])`;

/** Answers, then what points at them: one statement with the ledger, so all of it or nothing. */
const ANSWERS = `
WITH given AS (
  SELECT id, key, surface, version, unit, outcome, numbers, facts, "asOf",
    to_timestamp("fetchedAt" / 1000) AS fetched_at, to_timestamp("expiresAt" / 1000) AS expires_at
  FROM json_to_recordset($1) AS t(id uuid, key uuid, surface text, version int, unit text, outcome text,
    numbers json, facts json, "asOf" text, "fetchedAt" float8, "expiresAt" float8)
), answers AS (
  INSERT INTO answer (id, key, surface, version, unit, outcome, numbers, facts, as_of, fetched_at, expires_at)
  SELECT id, key, surface, version, unit, outcome, numbers, facts, "asOf", fetched_at, expires_at FROM given
  ON CONFLICT (id) DO NOTHING
), fresh AS (
  INSERT INTO fresh_answer AS f (key, answer, fetched_at, expires_at)
  SELECT DISTINCT ON (key) key, id, fetched_at, expires_at FROM given ORDER BY key, fetched_at DESC, id DESC
  ON CONFLICT (key) DO UPDATE
  SET answer = excluded.answer, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
  WHERE (excluded.fetched_at, excluded.answer) > (f.fetched_at, f.answer)
)`;
const MINUTES = `
INSERT INTO call_minute AS m (provider, minute, worker, class, calls, units)
SELECT provider, to_timestamp(minute / 1000), $3::uuid, class, calls, units
FROM json_to_recordset($2) AS t(provider text, minute float8, class text, calls bigint, units bigint)
ORDER BY provider, minute, class
ON CONFLICT (provider, minute, worker, class) DO UPDATE
SET calls = m.calls + excluded.calls, units = m.units + excluded.units`;
const COMMIT = `${ANSWERS}${MINUTES}`;
/** The same with ends of priced calls and of their claims. */
const COMMIT_PURCHASES = `${ANSWERS}, minutes AS (${MINUTES}
)
SELECT end_calls($4)`;

interface FreshRow extends Record<string, unknown> {
  key: string;
  id: string;
  outcome: 'ok' | 'absent';
  facts: Facts | null;
  fetchedAt: number;
  expiresAt: number;
}

/** Answers in PostgreSQL. `worker` names this process in the ledger. */
export function postgresAnswers(database: QueryPort, worker: string): AnswerStore {
  return {
    purchases: postgresPurchases(database, worker),
    async findFresh(keys) {
      const { rows } = await database.query<FreshRow>({
        name: 'fetching.find-fresh',
        text: FIND_FRESH,
        values: [keys],
      });
      return rows.map(freshAnswer);
    },
    async commit({ answers, ended, minutes }: Commit) {
      const values = [JSON.stringify(answers), JSON.stringify(minutes), worker];
      const query =
        ended.length === 0
          ? { name: 'fetching.commit', text: COMMIT, values }
          : {
              name: 'fetching.commit-purchases',
              text: COMMIT_PURCHASES,
              values: [...values, JSON.stringify(ended)],
            };
      try {
        await database.query(query);
      } catch (error) {
        throw isDataFault(error) ? new AnswersRefused(error as Error) : error;
      }
    },
  };
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation): the same again at every try. */
function isDataFault(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}

function freshAnswer({ facts, ...row }: FreshRow): FreshAnswer {
  return facts ? { ...row, facts } : row;
}

import type { Facts } from '@assay/contracts';
import { AnswersRefused, type AnswerStore, type Commit, type FreshAnswer } from './answer-store.js';

/** The part of `Database` of @assay/database that is used here. */
export interface QueryPort {
  query<R extends Record<string, unknown>>(query: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: R[] }>;
}

const FIND_FRESH = `
SELECT f.key, f.answer AS id, a.outcome, a.facts,
  (extract(epoch FROM f.fetched_at) * 1000)::float8 AS "fetchedAt",
  (extract(epoch FROM f.expires_at) * 1000)::float8 AS "expiresAt"
FROM fresh_answer f
CROSS JOIN LATERAL (SELECT outcome, facts FROM answer WHERE id = f.answer LIMIT 1) a
WHERE f.key = ANY($1::uuid[])`;

/** Answers, then what points at them, then the ledger: one statement, so all of it or nothing. */
const COMMIT = `
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
), priced AS (
  INSERT INTO call (id, provider, limit_key, requests, units, class, message, cost_micro_usd, started_at, ended_at)
  SELECT id, provider, "limitKey", requests, units, class, message, "costMicroUsd",
    to_timestamp("startedAt" / 1000), to_timestamp("endedAt" / 1000)
  FROM json_to_recordset($2) AS t(id uuid, provider text, "limitKey" text, requests int, units int, class text, message text,
    "costMicroUsd" bigint, "startedAt" float8, "endedAt" float8)
  ON CONFLICT (id) DO NOTHING
)
INSERT INTO call_minute AS m (provider, minute, worker, class, calls, units)
SELECT provider, to_timestamp(minute / 1000), $4::uuid, class, calls, units
FROM json_to_recordset($3) AS t(provider text, minute float8, class text, calls bigint, units bigint)
ORDER BY provider, minute, class
ON CONFLICT (provider, minute, worker, class) DO UPDATE
SET calls = m.calls + excluded.calls, units = m.units + excluded.units`;

interface FreshRow extends Record<string, unknown> {
  key: string;
  id: string;
  outcome: 'ok' | 'absent';
  facts: Facts | null;
  fetchedAt: number;
  expiresAt: number;
}

/** Answers in PostgreSQL. `worker` names this process in the minute ledger. */
export function postgresAnswers(database: QueryPort, worker: string): AnswerStore {
  return {
    async findFresh(keys) {
      const { rows } = await database.query<FreshRow>({
        name: 'fetching.find-fresh',
        text: FIND_FRESH,
        values: [keys],
      });
      return rows.map(freshAnswer);
    },
    async commit({ answers, calls, minutes }: Commit) {
      const values = [JSON.stringify(answers), JSON.stringify(calls), JSON.stringify(minutes), worker];
      try {
        await database.query({ name: 'fetching.commit', text: COMMIT, values });
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

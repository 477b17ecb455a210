import type { Facts, FailureClass } from '@assay/contracts';
import type { QueryPort } from '../answers/query-port.js';
import type { PurchaseStore, UnitState, UnitVerdict } from './purchase-store.js';

const millis = (moment: string) => `(extract(epoch FROM ${moment}) * 1000)::float8`;

const BUY = `
SELECT unit AS n, state, class, answer AS id, outcome, facts, ${millis('bought_at')} AS "boughtAt",
  ${millis('fetched_at')} AS "fetchedAt", ${millis('expires_at')} AS "expiresAt"
FROM buy_units($1::uuid, $2, $3, $4::uuid, $5, $6::int, $7::int, $8::bigint, $9::bigint, $10::json)`;

const LOOK = `
SELECT c.key, CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.charged = 'no' THEN 'free'
    WHEN c.outcome IN ('ok','absent') AND a.id IS NOT NULL THEN 'bought' ELSE 'failed' END AS state,
  CASE WHEN c.outcome IN ('ok','absent','skipped') THEN 'network' ELSE c.outcome END AS class,
  CASE WHEN c.ended_at IS NOT NULL THEN ${millis('c.started_at')} END AS "boughtAt",
  a.id, a.outcome, a.facts, ${millis('f.fetched_at')} AS "fetchedAt", ${millis('f.expires_at')} AS "expiresAt"
FROM claim c
LEFT JOIN fresh_answer f ON f.key = c.key
LEFT JOIN LATERAL (SELECT id, outcome, facts FROM answer WHERE id = f.answer LIMIT 1) a ON true
WHERE c.key = ANY($1::uuid[])`;

const TAKE = `
SELECT unit AS n, payer AS submission, capped FROM take_budget($1, $2::int, 0, 0, $3::json) WHERE payer IS NOT NULL`;
const GIVE_BACK = `
UPDATE budget b SET calls = b.calls - $3::int
FROM (SELECT submission, provider FROM budget WHERE submission = ANY($2::uuid[]) AND provider IN ('', $1)
  ORDER BY submission, provider FOR UPDATE) paid
WHERE b.submission = paid.submission AND b.provider = paid.provider`;
const END_ORPHANS = `SELECT end_orphans($1::uuid, $2::uuid[], $3::float8) AS open`;

interface VerdictRow extends Record<string, unknown> {
  n: number;
  key: string;
  state: UnitState;
  class: FailureClass | null;
  boughtAt: number | null;
  id: string | null;
  outcome: 'ok' | 'absent';
  facts: Facts | null;
  fetchedAt: number;
  expiresAt: number;
}

/** Deadlock or a write that came between: nothing was done, and the next try finds another state. */
const TRY_AGAIN = /^40/;
const MOST_TRIES = 3;

/** Purchases in PostgreSQL. `worker` names this process in the ledger. */
export function postgresPurchases(database: QueryPort, worker: string): PurchaseStore {
  const query = <R extends Record<string, unknown>>(name: string, text: string, values: unknown[]) =>
    again(() => database.query<R>({ name: `fetching.${name}`, text, values }));
  return {
    async buy(order) {
      const { call, provider, limitKey, keyId, attempt, calls, perCall, perUnit, units } = order;
      const prices = [calls, perCall, perUnit, JSON.stringify(units)];
      const values = [call, provider, limitKey, worker, keyId, attempt, ...prices];
      const { rows } = await query<VerdictRow>('buy', BUY, values);
      const keys = new Map(units.map(({ n, key }) => [n, key]));
      return new Map(rows.map((row) => [row.n, verdictOf(row, keys.get(row.n)!)]));
    },
    async look(keys) {
      const { rows } = await query<VerdictRow>('look-at-claims', LOOK, [keys]);
      return new Map(rows.map((row) => [row.key, verdictOf(row, row.key)]));
    },
    async takeBudget({ provider, calls, units }) {
      const values = [provider, calls, JSON.stringify(units)];
      const { rows } = await query<{ n: number; submission: string; capped: boolean }>(
        'take-budget',
        TAKE,
        values,
      );
      return new Map(rows.map(({ n, submission, capped }) => [n, { submission, capped }]));
    },
    async giveBack(provider, submissions, calls) {
      await query('give-budget-back', GIVE_BACK, [provider, submissions, calls]);
    },
    async endOrphans(strays, deadAfterMs) {
      const values = [worker, strays, deadAfterMs ?? null];
      const { rows } = await query<{ open: string[] }>('end-orphans', END_ORPHANS, values);
      return rows[0]!.open;
    },
  };
}

function verdictOf(row: VerdictRow, key: string): UnitVerdict {
  const { state, id, outcome, facts, fetchedAt, expiresAt } = row;
  const answer = id ? { key, id, outcome, fetchedAt, expiresAt, ...(facts ? { facts } : {}) } : undefined;
  return { state, class: row.class ?? undefined, boughtAt: row.boughtAt ?? undefined, answer };
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === MOST_TRIES || !TRY_AGAIN.test(String((error as { code?: unknown }).code))) throw error;
    }
  }
}

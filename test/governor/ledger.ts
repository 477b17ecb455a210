import type pg from 'pg';

export interface Ledger {
  /** Calls that have a row. */
  readonly rows: number;
  /** Intents whose end is not told. */
  readonly open: number;
  /** Of the rows: nobody can say whether the provider billed them. */
  readonly unknown: number;
  readonly microUsd: number;
}

/** The ledger of one provider, read from its own rows. */
export async function ledgerOf(database: pg.Pool, provider: string): Promise<Ledger> {
  const { rows } = await database.query<Ledger>(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE ended_at IS NULL)::int AS open,
       count(*) FILTER (WHERE charged = 'unknown')::int AS unknown,
       coalesce(sum(cost_micro_usd), 0)::float8 AS "microUsd"
     FROM call WHERE provider = $1`,
    [provider],
  );
  return rows[0]!;
}

export interface Spent {
  /** Shares of this submission, */
  readonly microUsd: number;
  /** the price of the calls they are shares of, */
  readonly callMicroUsd: number;
  /** and what was taken of its budget of calls. */
  readonly calls: number;
}

/** What a submission that shares no call with another has taken; calls of one provider, '' for all of them. */
export async function spentBy(database: pg.Pool, submission: string, provider: string): Promise<Spent> {
  const { rows } = await database.query<Spent>(
    `SELECT coalesce(sum(share), 0)::float8 AS "microUsd", coalesce(sum(price), 0)::float8 AS "callMicroUsd",
       coalesce((SELECT calls FROM budget WHERE submission = $1 AND provider = $2), 0)::float8 AS calls
     FROM (SELECT sum(s.cost_micro_usd) AS share, max(c.cost_micro_usd) AS price
       FROM call_share s JOIN call c ON c.id = s.call WHERE s.submission = $1 GROUP BY s.call) bought`,
    [submission, provider],
  );
  return rows[0]!;
}

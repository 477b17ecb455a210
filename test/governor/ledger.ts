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

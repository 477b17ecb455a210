import { PRICED } from './asks.js';
import type { Scene } from './scene.js';

interface Books {
  readonly provider: string;
  /** Requests of all calls, of those nobody can say of whether they were billed; a call has one or a few. */
  readonly requests: number;
  readonly unknown: number;
  /** Units of calls that were surely not billed, and of those that may have been. */
  readonly freeUnits: number;
  readonly unknownUnits: number;
}

const BOOKS = `
SELECT provider, sum(requests)::float8 AS requests,
  coalesce(sum(requests) FILTER (WHERE charged = 'unknown'), 0)::float8 AS unknown,
  coalesce(sum(units) FILTER (WHERE charged = 'no'), 0)::float8 AS "freeUnits",
  coalesce(sum(units) FILTER (WHERE charged = 'unknown'), 0)::float8 AS "unknownUnits",
  count(*)::int AS calls
FROM call WHERE started_at >= $1 GROUP BY provider`;

const SHARES = `
SELECT coalesce(c.id, s.call) AS id, c.id IS NULL AS homeless, c.cost_micro_usd::float8 AS cost, c.units AS units,
  coalesce(s.cost, 0)::float8 AS shared, coalesce(s.units, 0)::float8 AS "sharedUnits"
FROM call c FULL JOIN (
  SELECT call, sum(cost_micro_usd) AS cost, sum(units) AS units FROM call_share GROUP BY call
) s ON s.call = c.id
WHERE c.id IS NULL OR s.call IS NULL OR c.cost_micro_usd <> s.cost OR c.units <> s.units`;

/** Answers beyond the first about a unit, and whether a dispatch between them had a reason to buy anew. */
const REPEATED = `
SELECT surface, unit, EXISTS (
    SELECT FROM dispatch d JOIN submission s ON s.id = d.submission
    WHERE d.dispatched_at > a.before AND d.dispatched_at <= a.fetched_at
      AND (s.max_age_ms IS NOT NULL OR d.gen > 0)
  ) AS wanted
FROM (
  SELECT surface, unit, fetched_at, lag(fetched_at) OVER (PARTITION BY surface, unit ORDER BY fetched_at) AS before
  FROM answer WHERE split_part(surface, '.', 1) = ANY($2)
) a
WHERE before >= $1`;

/** Dispatches that may buy again what an earlier one may or may not have bought. */
const OTHERS = `SELECT count(DISTINCT (submission, gen))::int AS n FROM dispatch WHERE dispatched_at >= $1`;

/**
 * Of what costs: calls ≤ ledger ≤ calls + those of which nobody knows whether they were billed; shares are what the
 * call cost; nothing is bought twice. `since`: when the simulator's counts were last forgotten.
 */
export async function checkLedger(scene: Scene, since: Date): Promise<void> {
  const { database, simulator, findings } = scene;
  const [counts, books] = await Promise.all([
    simulator.counts(),
    database.query<Books & { calls: number }>(BOOKS, [since]),
  ]);
  const byProvider = new Map(books.rows.map((book) => [book.provider, book]));
  const priced = [...new Set([...PRICED, ...byProvider.keys()])];
  const bought = await readRepeated(scene, since, priced);
  for (const provider of priced) {
    const { calls = 0, repeatedUnits = 0 } = counts[provider] ?? {};
    const { requests = 0, unknown = 0, freeUnits = 0, unknownUnits = 0 } = byProvider.get(provider) ?? {};
    if (calls > requests) findings.add('ledger-short', provider, `at least ${calls} calls`, requests);
    if (requests > calls + unknown)
      findings.add('ledger-long', provider, `at most ${calls} + ${unknown}`, requests);
    const most = freeUnits + (bought.wanted.get(provider) ?? 0) + (bought.others ? unknownUnits : 0);
    if (repeatedUnits > most)
      findings.add('bought-twice', provider, `at most ${most} units again`, repeatedUnits);
  }
  findings.checked.calls = books.rows.reduce((sum, { calls }) => sum + calls, 0);
  await checkShares(scene);
}

async function readRepeated(
  { database, findings }: Scene,
  since: Date,
  priced: readonly string[],
): Promise<{ wanted: Map<string, number>; others: boolean }> {
  const [repeated, others] = await Promise.all([
    database.query<{ surface: string; unit: string; wanted: boolean }>(REPEATED, [since, priced]),
    database.query<{ n: number }>(OTHERS, [since]),
  ]);
  const wanted = new Map<string, number>();
  for (const { surface, unit, wanted: meant } of repeated.rows) {
    const provider = surface.split('.')[0]!;
    if (meant) wanted.set(provider, (wanted.get(provider) ?? 0) + 1);
    else
      findings.add(
        'bought-twice',
        `${surface} ${unit}`,
        'one answer',
        'another one, that no dispatch wanted',
      );
  }
  return { wanted, others: others.rows[0]!.n > 1 };
}

async function checkShares({ database, findings }: Scene): Promise<void> {
  const { rows } = await database.query<{
    id: string;
    homeless: boolean;
    cost: number;
    units: number;
    shared: number;
    sharedUnits: number;
  }>(SHARES);
  for (const { id, homeless, cost, units, shared, sharedUnits } of rows)
    findings.add(
      'share-wrong',
      `call ${id}`,
      homeless ? 'a call that is shared' : `${units} units for ${cost} µUSD`,
      `shares of ${sharedUnits} units for ${shared} µUSD`,
    );
}

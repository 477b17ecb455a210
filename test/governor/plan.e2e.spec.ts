import type { SubmissionPlan } from '@assay/contracts';
import { testUrls } from '../faults/test-urls.js';
import type { ProviderCounts } from '../harness/simulator-control.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized } from './size.js';

const DOMAINS = sized(150, 40);
const HOSTS = 3 * DOMAINS;
const URLS = 2 * HOSTS;
/** Three fetchers ask them: bought once, whoever takes over a partition. DataForSEO is paid by the call of up to 1,000. */
const PRICED = ['webrisk', 'semrush', 'moz', 'dataforseo'];
/** One fetcher asks them: in a rebalance a free unit may be asked twice. */
const FREE = ['dns', 'urlhaus', 'greenweb'];
/** Asked about what was submitted, where no page is fetched. */
const WITHOUT_PAGE = [...PRICED, ...FREE];
const PROVIDERS = [...WITHOUT_PAGE, 'page'];
/** A call takes one unit: planned exactly. Of the others each fetcher fills its own batches. */
const SINGLE = ['dns', 'webrisk', 'urlhaus', 'semrush'];

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: PROVIDERS,
    fetchers: [PROVIDERS, PRICED, PRICED],
    // 160 look-ups at once on a machine that is busy: one that takes 3 s would be made again, which no plan counts.
    providerSettings: { dns: { timeoutMs: 30_000 } },
  });
}, 60_000);
afterAll(() => system?.stop());

const exactUrls = Array.from(
  { length: URLS },
  (_, n) => `https://h${n % HOSTS}.d${n % DOMAINS}.example/page/${n}`,
);

async function planned(
  urls: readonly string[],
  providers: readonly string[],
  options: Record<string, string> = {},
): Promise<SubmissionPlan> {
  const query = { plan: 'only', providers: providers.join(','), lane: 'bulk', ...options };
  const response = await system.api.post(urls.join('\n'), 'text/plain', query);
  expect(response.status).toBe(200);
  return (await response.json()) as SubmissionPlan;
}

interface Actual {
  readonly counts: Record<string, ProviderCounts>;
  /** By provider, of the ledger. */
  readonly usd: ReadonlyMap<string, number>;
  /** Free calls that failed, since the start: retries of them are beyond any plan. */
  readonly failed: readonly object[];
}

async function failedCalls(): Promise<object[]> {
  const { rows } = await system.database.query<object>(
    `SELECT provider, class, sum(calls)::int AS calls FROM call_minute
     WHERE class NOT IN ('ok', 'absent') GROUP BY provider, class ORDER BY provider, class`,
  );
  return rows;
}

/** Starts what was planned; resolves to what it came to. */
async function run(plan: SubmissionPlan): Promise<Actual> {
  const before = await system.simulator.counts();
  expect(Object.values(before).reduce((sum, { calls }) => sum + calls, 0)).toBe(0);
  await fetch(`${system.api.address}${plan.links.self}/start`, { method: 'POST' });
  await system.api.finished(plan.id, 120_000);
  const charged = await system.database.query<{ provider: string; usd: number }>(
    `SELECT provider, (sum(s.cost_micro_usd) / 1e6)::float8 AS usd
     FROM call_share s JOIN call c ON c.id = s.call WHERE s.submission = $1 GROUP BY provider`,
    [plan.id],
  );
  const usd = new Map(charged.rows.map((row) => [row.provider, row.usd]));
  return { counts: await system.simulator.counts(), usd, failed: await failedCalls() };
}

function foundBy(plan: SubmissionPlan, { counts, usd }: Actual) {
  return plan.providers.map(({ provider, calls, price }) => ({
    provider,
    calls: counts[provider]?.calls ?? 0,
    of: calls,
    usd: usd.get(provider) ?? 0,
    ofUsd: price,
  }));
}

function expectWithin(found: ReturnType<typeof foundBy>): void {
  for (const { provider, calls, of, usd, ofUsd } of found) {
    expect([provider, calls >= of.min, calls <= of.max]).toEqual([provider, true, true]);
    expect([provider, usd >= ofUsd.min, usd <= ofUsd.max]).toEqual([provider, true, true]);
  }
}

const REFRESH = { refresh: 'true' };

test('of submitted units, what a plan says is what the providers count and the ledger charges', async () => {
  await system.simulator.resetCounts();
  const plan = await planned(exactUrls, WITHOUT_PAGE);
  const actual = await run(plan);
  const [{ counts, failed }, found] = [actual, foundBy(plan, actual)];
  report('plan of submitted units', { urls: URLS, failed, found });
  expect(plan.providers.map(({ provider }) => provider).toSorted()).toEqual(WITHOUT_PAGE.toSorted());
  for (const { provider, asks } of plan.providers) {
    const units = asks.reduce((sum, { toAsk }) => sum + toAsk.max, 0);
    const wire = provider === 'dns' ? HOSTS : units;
    expect([provider, counts[provider]!.distinctUnits]).toEqual([provider, wire]);
  }
  expectWithin(found);
  for (const { provider, calls, of, usd: cost, ofUsd } of found) {
    if (SINGLE.includes(provider)) expect([provider, calls, calls]).toEqual([provider, of.min, of.max]);
    // A price for the unit is exact, however the units are packed.
    if (provider !== 'dataforseo') expect([provider, cost, cost]).toEqual([provider, ofUsd.min, ofUsd.max]);
  }
  expect([plan.exact, (await planned(exactUrls, SINGLE, REFRESH)).exact]).toEqual([false, true]);
  const again = await planned(exactUrls, WITHOUT_PAGE);
  expect([again.calls.max, again.price.max]).toEqual([0, 0]);
  expect((await planned(exactUrls, WITHOUT_PAGE, REFRESH)).calls).toEqual(plan.calls);
});

test('of what waits for pages, the upper bound is never passed', async () => {
  await system.simulator.resetCounts();
  const plan = await planned(testUrls('plan', sized(1_000, 400), DOMAINS), PROVIDERS);
  const actual = await run(plan);
  const found = foundBy(plan, actual);
  report('plan of what waits for pages', { failed: actual.failed, found });
  expect(plan.exact).toBe(false);
  expectWithin(found);
});

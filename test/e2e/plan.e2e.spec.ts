import type { SubmissionPlan } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({ providers: ['dns', 'webrisk', 'urlhaus', 'semrush', 'moz', 'greenweb'] });
});
afterAll(async () => system?.stop());

const urls = Array.from({ length: 240 }, (_, n) => `https://h${n % 120}.d${n % 40}.example/page/${n}`);

async function planned(options: Record<string, string> = {}): Promise<SubmissionPlan> {
  const response = await system.api.post(urls.join('\n'), 'text/plain', { plan: 'only', ...options });
  expect(response.status).toBe(200);
  return (await response.json()) as SubmissionPlan;
}

test('what a plan says is what the providers count and the ledger charges', async () => {
  await system.simulator.resetCounts();
  const plan = await planned();
  const before = await system.simulator.counts();
  expect(Object.values(before).reduce((sum, { calls }) => sum + calls, 0)).toBe(0);
  await fetch(`${system.api.address}${plan.links.self}/start`, { method: 'POST' });
  await system.api.finished(plan.id, 60_000);
  const counts = await system.simulator.counts();
  const charged = await system.database.query<{ provider: string; usd: number }>(
    'SELECT provider, (sum(cost_micro_usd) / 1e6)::float8 AS usd FROM call GROUP BY provider',
  );
  const usd = new Map(charged.rows.map((row) => [row.provider, row.usd]));
  expect(plan.exact).toBe(true);
  for (const { provider, calls, price, asks } of plan.providers) {
    const units = asks.reduce((sum, { toAsk }) => sum + toAsk.max, 0);
    expect([provider, counts[provider]!.distinctUnits]).toEqual([provider, provider === 'dns' ? 120 : units]);
    expect([provider, counts[provider]!.calls]).toEqual([provider, calls.max]);
    expect([provider, usd.get(provider) ?? 0]).toEqual([provider, price.max]);
  }
  const again = await planned();
  expect([again.calls.max, again.price.max]).toEqual([0, 0]);
  expect((await planned({ refresh: 'true' })).calls).toEqual(plan.calls);
});

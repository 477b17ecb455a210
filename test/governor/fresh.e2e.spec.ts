import type { SubmissionView } from '@assay/contracts';
import type { ProviderCounts } from '../harness/simulator-control.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized, WHOLE } from './size.js';

const URLS = sized(10_000, 2_000);
const DOMAINS = sized(400, 100);
/** Units of one call, by provider. */
const BATCH: Readonly<Record<string, number>> = { tranco: 1, openpagerank: 100, moz: 50 };
/** By surface: what a list on these domains is asked about. */
const UNITS: Readonly<Record<string, number>> = {
  tranco: DOMAINS,
  openpagerank: DOMAINS,
  'moz.domain': DOMAINS,
  'moz.url': URLS,
};
/** Bounds the first run: five times what Tranco allows. */
const LIMIT = { permits: sized(5, 20), perMs: 1_000, of: 'calls' as const };
/** Moz and Open PageRank are bounded by nothing here. */
const WIDE = { limits: [{ permits: 10_000, perMs: 1_000, of: 'calls' }] };

interface Run {
  readonly view: SubmissionView;
  readonly counts: Record<string, ProviderCounts>;
  readonly ms: number;
}

let system: TestSystem;
let first: Run;
let second: Run;

const urls = Array.from(
  { length: URLS },
  (_, i) => `https://ordinary-fresh-${i % DOMAINS}.com/articles/${i}`,
);

async function run(): Promise<Run> {
  await system.simulator.resetCounts();
  const started = performance.now();
  const { id } = await system.api.submit(urls, { lane: 'bulk' });
  const view = await system.api.finished(id, 240_000);
  return { view, counts: await system.simulator.counts(), ms: Math.round(performance.now() - started) };
}

beforeAll(async () => {
  system = await startSystem({
    providers: Object.keys(BATCH),
    simulatorLatency: '20-200',
    limitsFactor: 1,
    providerSettings: { tranco: { limits: [LIMIT] }, openpagerank: WIDE, moz: WIDE },
  });
  await system.simulator.setLimits('tranco', LIMIT);
  for (const provider of ['openpagerank', 'moz']) await system.simulator.setLimits(provider);
  first = await run();
  second = await run();
}, 400_000);
afterAll(() => system?.stop());

test('every distinct unit is asked once, in full batches', () => {
  const surfaces = Object.assign({}, ...Object.values(first.counts).map((one) => one.surfaces)) as Record<
    string,
    { units: number; distinctUnits: number }
  >;
  for (const [surface, units] of Object.entries(UNITS))
    expect([surface, surfaces[surface]]).toMatchObject([surface, { units, distinctUnits: units }]);
  const calls = Object.entries(BATCH).map(([provider, size]) => {
    const { units, calls: made } = first.counts[provider]!;
    return { provider, calls: made, least: Math.ceil(units / size) };
  });
  report('packing', { urls: URLS, domains: DOMAINS, calls });
  for (const { provider, calls: made, least } of calls)
    expect([provider, made <= 1.5 * least]).toEqual([provider, true]);
});

test('the same list again costs no call, and every row its numbers', () => {
  expect(second.counts).toEqual({});
  const { ok, absent, failed, skipped } = first.view.cells;
  expect(second.view.cells).toMatchObject({ ok, absent, failed, skipped });
  expect(failed + skipped).toBe(0);
});

test('the second run is faster by far where limits bound the first', () => {
  report('same list twice', { firstMs: first.ms, secondMs: second.ms, ratio: first.ms / second.ms });
  if (WHOLE) expect(first.ms / second.ms).toBeGreaterThanOrEqual(5);
});

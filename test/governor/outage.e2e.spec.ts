import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { median, paceOfAsks } from './pace-of-asks.js';
import { report, sized, WHOLE } from './size.js';

const PAIRS = sized(3, 1);
const OUT_MS = sized(30_000, 8_000);
const COOL_OFF_MS = 3_000;
const ROWS = sized(1_000, 300);
/** Enough for a pace that limits set. */
const WELL_ROWS = sized(600, 300);
const WARM_ROWS = 200;
/** The others are bound by their limits, so that what is compared is not how busy the machine is. */
const RATE = { permits: 60, perMs: 1_000, of: 'calls' as const };
const OTHERS = ['tranco', 'urlhaus.host'];
const GROUP = ['tranco', 'urlhaus', 'radar'];

let system: TestSystem;

beforeAll(async () => {
  const limited = { limits: [RATE], concurrency: 32 };
  const breaker = { volume: 10, errorPercent: 50, coolOffMs: COOL_OFF_MS };
  system = await startSystem({
    providers: GROUP,
    fetchers: [GROUP, GROUP],
    limitsFactor: 1,
    providerSettings: {
      tranco: limited,
      urlhaus: { limits: [{ ...RATE, permits: 120 }], concurrency: 64 },
      radar: { ...limited, breaker, timeoutMs: 2_000 },
    },
  });
  for (const provider of GROUP) await system.simulator.setLimits(provider);
}, 60_000);
afterAll(() => system?.stop());

const submit = async (name: string, rows: number) => {
  const urls = Array.from({ length: rows }, (_, i) => `https://ordinary-${name}-${i}.com/`);
  return (await system.api.submit(urls, { lane: 'bulk' })).id;
};

async function undisturbed(name: string, rows = WELL_ROWS): Promise<Record<string, number>> {
  const id = await submit(name, rows);
  await system.api.finished(id, 180_000);
  return paceOfAsks(system.database, id);
}

const callsOf = async (provider: string) => (await system.simulator.counts())[provider]?.calls ?? 0;
const openBreakers = async () =>
  (await system.database.query(`SELECT FROM breaker WHERE open_until > now()`)).rowCount ?? 0;

/**
 * Radar answers 500 for a while, counted from when a breaker has opened: its share of failures first outweighs what
 * went well in the last ten seconds. Resolves when the whole list is done, with the calls made meanwhile.
 */
async function disturbed(name: string) {
  await system.simulator.resetCounts();
  await system.simulator.fault('radar', '500');
  const id = await submit(name, ROWS);
  await eventually(openBreakers, (open) => open > 0, 60_000);
  // Calls in flight come back within a second, and all replicas have heard of it by then.
  const settled = Date.now() + 1_000;
  await eventually(Date.now, (now) => now >= settled);
  const before = await callsOf('radar');
  await eventually(Date.now, (now) => now >= settled + OUT_MS, OUT_MS + 5_000);
  const probes = (await callsOf('radar')) - before;
  await system.simulator.clearFaults('radar');
  const view = await system.api.finished(id, 180_000);
  return { probes, view, pace: await paceOfAsks(system.database, id) };
}

test('a provider that is out for a while: every row has its cell, one process tries for all, others go on', async () => {
  await undisturbed('warm-up', WARM_ROWS);
  const ratios: Record<string, number[]> = Object.fromEntries(OTHERS.map((ask) => [ask, []]));
  for (let pair = 0; pair < PAIRS; pair++) {
    const before = await undisturbed(`well-${pair}`);
    const { probes, view, pace } = await disturbed(`out-${pair}`);
    const intervals = Math.ceil(OUT_MS / COOL_OFF_MS);
    report('provider out', {
      pair,
      probes,
      intervals,
      cells: view.cells,
      reasons: view.asks.map(({ ask, reasons }) => [ask, reasons]),
    });
    expect(probes).toBeLessThanOrEqual(intervals);
    const { planned, ok, absent, failed, skipped } = view.cells;
    expect(ok + absent + failed + skipped).toBe(planned);
    expect(skipped).toBe(0);
    for (const ask of OTHERS) ratios[ask]!.push(pace[ask]! / before[ask]!);
  }
  const medians = Object.fromEntries(OTHERS.map((ask) => [ask, median(ratios[ask]!)]));
  report('others while one is out', medians);
  if (WHOLE) for (const ask of OTHERS) expect(medians[ask]).toBeGreaterThanOrEqual(0.9);
});

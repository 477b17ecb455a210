import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized } from './size.js';
import { usedShare, type LeftOut } from './used-rate.js';

const ROWS = sized(4_000, 1_800, 12_000);
const PER_SECOND = 50;
const LIMIT = { permits: PER_SECOND, perMs: 1_000, of: 'calls' as const };
const STOPPED_MS = 8_000;
/** Of the embedded broker's groups; a killed member's partitions stand still for this long. */
const SESSION_MS = 3_000;

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: ['tranco'],
    fetchers: [['tranco'], ['tranco'], ['tranco']],
    limitsFactor: 1,
    providerSettings: { tranco: { limits: [LIMIT], concurrency: 64, retries: 0 } },
  });
  await system.simulator.setLimits('tranco', LIMIT);
}, 60_000);
afterAll(() => system?.stop());

const calls = async () => (await system.simulator.counts())['tranco']?.calls ?? 0;
const reached = (share: number) => eventually(calls, (n) => n >= share * ROWS, 120_000);
const now = () => Date.now() / 1_000;

/** Stops a process as a laptop's lid would, and lets it go on. */
async function stopAndGoOn(name: string): Promise<void> {
  const pid = system.pids()[name]!;
  process.kill(pid, 'SIGSTOP');
  const until = Date.now() + STOPPED_MS;
  await eventually(Date.now, (at) => at >= until, STOPPED_MS + 5_000);
  process.kill(pid, 'SIGCONT');
}

test('three replicas share one limit: one killed, one stopped and resumed, one added', async () => {
  const urls = Array.from({ length: ROWS }, (_, i) => `https://ordinary-limit-${i}.com/`);
  const { id } = await system.api.submit(urls, { lane: 'bulk' });
  const leftOut: LeftOut[] = [];
  await reached(0.2);
  // The supervisor starts it again at once; the group misses the old member for the session timeout.
  const from = now();
  await system.kill('fetcher.tranco');
  leftOut.push({ from, to: from + SESSION_MS / 1_000 });
  await reached(0.4);
  await stopAndGoOn('fetcher.tranco-2');
  await reached(0.7);
  await system.system.addFetcher(['tranco']);
  const view = await system.api.finished(id, 180_000);
  const counts = (await system.simulator.counts())['tranco']!;
  const used = usedShare(await system.simulator.timeline('tranco'), PER_SECOND, 5, leftOut);
  report('replicas', {
    rows: ROWS,
    calls: counts.calls,
    refused: counts.refused,
    ...used,
    cells: view.cells,
    reasons: view.asks.map(({ reasons }) => reasons),
  });
  expect(counts.refused).toBe(0);
  expect(view.cells.failed + view.cells.skipped).toBe(0);
  expect(used.share).toBeGreaterThanOrEqual(0.9);
}, 400_000);

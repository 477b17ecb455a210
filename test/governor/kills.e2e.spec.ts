import { randomInt } from 'node:crypto';
import type { SubmissionView } from '@assay/contracts';
import type { ProviderCounts } from '../harness/simulator-control.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { KillsInFlight } from './kills-in-flight.js';
import { ledgerOf } from './ledger.js';
import { seeded } from './seeded.js';
import { report, sized } from './size.js';

const UNITS = sized(5_000, 500);
const KILLS = sized(20, 4);
const PROVIDER = 'webrisk';
/** Nothing but the kills sets the pace. */
const WIDE = { permits: 10_000, perMs: 1_000, of: 'calls' as const };
const GROUP = ['fetcher.webrisk', 'fetcher.webrisk-2'];

let system: TestSystem;
let id: string;
let view: SubmissionView;
let counts: ProviderCounts;
let seconds: { readonly killing: number; readonly inAll: number };
/** Calls in flight at each kill. */
const inFlight: number[] = [];

async function killAgainAndAgain(): Promise<void> {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
  console.log(`kills in flight: SEED=${seed}`);
  const kills = new KillsInFlight(system, GROUP, seeded(seed), 250);
  // A process that had nothing in flight any more when it fell is not one of them.
  while (inFlight.length < KILLS) {
    const lost = await kills.kill();
    if (lost > 0) inFlight.push(lost);
  }
}

const bought = async () => (await system.simulator.counts())[PROVIDER]!;

beforeAll(async () => {
  system = await startSystem({
    providers: [PROVIDER],
    fetchers: [[PROVIDER], [PROVIDER]],
    simulatorLatency: '100-400',
    limitsFactor: 1,
    providerSettings: { [PROVIDER]: { limits: [WIDE], concurrency: sized(40, 16) } },
  });
  await system.simulator.setLimits(PROVIDER);
  const urls = Array.from({ length: UNITS }, (_, i) => `https://ordinary-kills-${i % 400}.com/${i}`);
  const started = Date.now();
  const since = () => Math.round((Date.now() - started) / 1_000);
  ({ id } = await system.api.submit(urls, { lane: 'bulk' }));
  await killAgainAndAgain();
  const killing = since();
  view = await system.api.finished(id, 120_000);
  seconds = { killing, inAll: since() };
  counts = await bought();
}, 400_000);
afterAll(() => system?.stop());

test('every call has a row, and rows beyond the calls are told as unknown', async () => {
  const ledger = await ledgerOf(system.database, PROVIDER);
  const lost = inFlight.reduce((sum, n) => sum + n, 0);
  const { calls, repeatedUnits } = counts;
  report('kills in flight', {
    units: UNITS,
    kills: KILLS,
    calls,
    ...ledger,
    inFlight: lost,
    repeatedUnits,
    seconds,
  });
  expect(ledger.open).toBe(0);
  expect(calls).toBeLessThanOrEqual(ledger.rows);
  expect(ledger.rows).toBeLessThanOrEqual(calls + ledger.unknown);
  expect(ledger.unknown).toBeLessThanOrEqual(lost);
});

test('no unit is bought twice', () => {
  expect(counts).toMatchObject({ refused: 0, repeatedUnits: 0 });
});

test('every row is final, and only what was in flight has failed', async () => {
  const { planned, pending, ok, absent, failed, skipped } = view.cells;
  expect(view.rows).toMatchObject({ total: UNITS, final: UNITS });
  expect({ planned, pending, skipped }).toEqual({ planned: UNITS, pending: 0, skipped: 0 });
  expect(ok + absent + failed).toBe(UNITS);
  expect(view.asks.map(({ reasons }) => reasons)).toEqual([failed > 0 ? { 'failed(network)': failed } : {}]);
  const { unknown } = await ledgerOf(system.database, PROVIDER);
  expect(failed).toBeLessThanOrEqual(unknown);
});

test('a retry buys what was lost, and nothing else', async () => {
  const { failed } = view.cells;
  const response = await fetch(`${system.api.address}/v1/submissions/${id}/retry`, { method: 'POST' });
  expect(response.status).toBe(202);
  const after = await system.api.finished(id, 60_000);
  expect(after.cells).toMatchObject({ failed: 0, skipped: 0 });
  expect((await bought()).calls).toBe(counts.calls + failed);
});

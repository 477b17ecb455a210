import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized } from './size.js';

const QUOTA = sized(1_000, 200);
const WANTED = 3 * QUOTA;
const LIMIT = { permits: QUOTA, perMs: 86_400_000, of: 'calls' as const, resets: 'utc' as const };
const DAY_MS = 86_400_000;
/** Of the embedded broker's groups. */
const SESSION_MS = 3_000;

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: ['tranco'],
    fetchers: [['tranco'], ['tranco']],
    limitsFactor: 1,
    providerSettings: { tranco: { limits: [LIMIT], concurrency: 32 } },
  });
  await system.simulator.setLimits('tranco', LIMIT);
}, 60_000);
afterAll(() => system?.stop());

const urls = (name: string) => Array.from({ length: WANTED }, (_, i) => `https://ordinary-${name}-${i}.com/`);

/** Hands a list in and waits for all of it. */
async function run(name: string) {
  const { id } = await system.api.submit(urls(name), { lane: 'bulk' });
  const view = await system.api.finished(id, 120_000);
  return { view, rows: await system.api.rows(id) };
}

test('a quota of the day is used to the last call, and the rest is told when it comes back', async () => {
  const { view, rows } = await run('quota');
  const counts = (await system.simulator.counts())['tranco']!;
  report('daily quota', { wanted: WANTED, calls: counts.calls, cells: view.cells });
  expect(counts).toMatchObject({ calls: QUOTA, refused: 0 });
  expect(view.cells).toMatchObject({ failed: 0, skipped: WANTED - QUOTA });
  const midnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
  for (const { cells } of rows) {
    const { outcome, detail, until = 0 } = cells['tranco']!;
    if (outcome !== 'skipped') continue;
    expect(detail).toBe('quota');
    // The clocks of database and fetcher differ by milliseconds.
    expect(Math.abs(until - midnight)).toBeLessThan(1_000);
  }
});

test('the next day it is there again', async () => {
  await system.database.query(
    `CREATE OR REPLACE FUNCTION permit_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS
       $$ SELECT clock_timestamp() + interval '1 day' $$`,
  );
  await system.simulator.advanceClock(DAY_MS);
  // Clocks do not jump, so nobody looks whether one has: who starts now reads the new day.
  await Promise.all(['fetcher.tranco', 'fetcher.tranco-2'].map((name) => system.kill(name)));
  // A free unit may be asked twice while partitions change hands: the group has settled once it missed the dead.
  const settled = Date.now() + 2 * SESSION_MS;
  await eventually(Date.now, (now) => now >= settled, 3 * SESSION_MS);
  const { view } = await run('next-day');
  const counts = (await system.simulator.counts())['tranco']!;
  report('daily quota, next day', { calls: counts.calls, cells: view.cells });
  expect(counts).toMatchObject({ calls: 2 * QUOTA, refused: 0 });
  expect(view.cells).toMatchObject({ failed: 0, skipped: WANTED - QUOTA });
});

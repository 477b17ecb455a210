import { startSystem, type TestSystem } from '../harness/start-system.js';
import { median, paceOfAsks } from './pace-of-asks.js';
import { report, sized, WHOLE } from './size.js';

const PAIRS = sized(3, 1);
const ROWS = sized(20_000, 1_000);
const DOMAINS = sized(2_000, 200);
const PATIENCE_MS = 5_000;
/** Beyond its dispatch and its patience, which what may fit is allowed to wait, a skipped ask is answered within this. */
const ANSWERED_MS = PATIENCE_MS + 3_000;
const SLOW = { permits: 20, perMs: 60_000, of: 'calls' as const };
/** Units a second: bounds the others, so that what is compared is not how busy the machine is. */
const RATE = sized(150, 50);
const RANKS_A_CALL = 10;
const OTHERS = ['tranco', 'openpagerank'];
/**
 * All domains are asked about from the start, and what is measured from a dispatch is patience: 20,000 rows dispatched
 * at once take two busy cores 4 to 5 s to carry to their last fetcher, whatever it does then.
 */
const IN_FLIGHT_ROWS = '5000';

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: [...OTHERS, 'wayback'],
    fetchers: [OTHERS, ['wayback']],
    limitsFactor: 1,
    environment: { IN_FLIGHT_ROWS },
    providerSettings: {
      tranco: { limits: [{ permits: RATE, perMs: 1_000, of: 'calls' }], concurrency: 32 },
      openpagerank: {
        limits: [{ permits: RATE / RANKS_A_CALL, perMs: 1_000, of: 'calls' }],
        batch: { size: RANKS_A_CALL, lingerMs: 20 },
      },
      wayback: { limits: [SLOW] },
    },
  });
  for (const provider of OTHERS) await system.simulator.setLimits(provider);
  await system.simulator.setLimits('wayback', SLOW);
}, 60_000);
afterAll(() => system?.stop());

const urls = (name: string, rows: number) =>
  Array.from({ length: rows }, (_, i) => `https://ordinary-${name}-${i % DOMAINS}.com/articles/${i}`);

async function run(name: string, providers: readonly string[], rows = ROWS) {
  const options = { lane: 'bulk', patienceMs: String(PATIENCE_MS), providers: providers.join() };
  const { id } = await system.api.submit(urls(name, rows), options);
  const view = await system.api.finished(id, 180_000);
  return { id, view, pace: await paceOfAsks(system.database, id) };
}

/** Milliseconds from a row's dispatch to its skipped cells of this provider: 99 % at most. */
async function skippedAfter(submission: string): Promise<number> {
  const { rows } = await system.database.query<{ ms: number }>(
    `SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY (cell.value ->> 'at')::float8 - sent.ms) AS ms
     FROM url_row r
     CROSS JOIN LATERAL (SELECT turn FROM submission_line WHERE submission = $1 AND seq = r.seq LIMIT 1) l
     CROSS JOIN LATERAL (SELECT extract(epoch FROM d.dispatched_at)::float8 * 1000 AS ms FROM dispatch d
       WHERE d.submission = $1 AND (l.turn, r.seq) > (d.after_turn, d.after_seq)
         AND (l.turn, r.seq) <= (d.to_turn, d.to_seq) LIMIT 1) sent,
     json_each(cells) AS cell
     WHERE r.submission = $1 AND cell.key LIKE 'wayback.%' AND cell.value ->> 'detail' = 'quota'`,
    [submission],
  );
  return Math.round(Number(rows[0]!.ms));
}

test('what a slow provider cannot do in time is told within seconds, and nobody else waits for it', async () => {
  await run('warm-up', [...OTHERS, 'wayback'], DOMAINS);
  const ratios: Record<string, number[]> = Object.fromEntries(OTHERS.map((ask) => [ask, []]));
  for (let pair = 0; pair < PAIRS; pair++) {
    const before = await run(`without-${pair}`, OTHERS);
    const beside = await run(`with-${pair}`, [...OTHERS, 'wayback']);
    const p99Ms = await skippedAfter(beside.id);
    const wayback = beside.view.asks.filter(({ ask }) => ask.startsWith('wayback.'));
    report('slow provider', {
      pair,
      rows: ROWS,
      p99Ms,
      before: before.pace,
      beside: beside.pace,
      wayback: wayback.map(({ ask, ok, absent, reasons }) => [ask, ok, absent, reasons]),
    });
    for (const { skipped } of wayback) expect(skipped).toBeGreaterThan(0.9 * ROWS);
    expect(p99Ms).toBeLessThan(ANSWERED_MS);
    for (const ask of OTHERS) ratios[ask]!.push(beside.pace[ask]! / before.pace[ask]!);
  }
  const medians = Object.fromEntries(OTHERS.map((ask) => [ask, median(ratios[ask]!)]));
  report('others beside a slow one', medians);
  if (WHOLE) for (const ask of OTHERS) expect(medians[ask]).toBeGreaterThanOrEqual(0.9);
});

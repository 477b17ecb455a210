import type { RowView, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { latestAfterDeadline, wordsOf } from './final-cells.js';
import { quickDomains } from './test-urls.js';

const ROWS = 200;
const ROUND1_MS = 10_000;
/** A priced call is not made with less than its own timeout left, and that of Moz is 30 s. */
const DEADLINE_MS = 45_000;
const SHORT = { round1Ms: 4_000, deadlineMs: 6_000, rows: 30 };
/** Rows are asked about anew, on hosts that are known already: both halves do the same work. */
const OPTIONS = {
  round1Ms: String(ROUND1_MS),
  deadlineMs: String(DEADLINE_MS),
  patienceMs: String(ROUND1_MS),
  maxAgeMs: '0',
};

interface Half {
  readonly view: SubmissionView;
  readonly rows: readonly RowView[];
  readonly afterDeadlineMs: number;
}

let system: TestSystem;
let undisturbed: Half;
/** Providers that told us to come later before anything was disturbed, and how often. */
let tooFast: Record<string, number>;
let disturbed: Half;

beforeAll(async () => {
  // Wide enough that no limit sets the pace: at ten times the wait for 200 look-ups of five calls is at the edge of patience.
  system = await startSystem({ simulatorLatency: '20-200', limitsFactor: 50 });
  await run('warm-up');
  undisturbed = await run('undisturbed');
  const counts = Object.entries(await system.simulator.counts());
  tooFast = Object.fromEntries(counts.flatMap(([id, { refused }]) => (refused > 0 ? [[id, refused]] : [])));
  await system.simulator.fault('rdap', 'hang');
  await system.simulator.fault('safebrowsing', '500');
  await system.simulator.fault('openpagerank', '429');
  await system.simulator.fault('moz', 'garbage');
  disturbed = await run('disturbed');
}, 120_000);
afterAll(() => system?.stop());

async function finish(
  urls: readonly string[],
  options: Record<string, string>,
  withinMs: number,
): Promise<string> {
  const { id } = await system.api.submit(urls, options);
  await eventually(
    () => system.api.submission(id),
    ({ rows }) => rows.final === urls.length,
    withinMs,
  );
  return id;
}

async function run(half: string): Promise<Half> {
  const urls = quickDomains('host', ROWS).map((domain) => `https://${domain}/${half}`);
  const id = await finish(urls, OPTIONS, DEADLINE_MS + 5_000);
  const [view, rows, afterDeadlineMs] = await Promise.all([
    system.api.submission(id),
    system.api.rows(id),
    latestAfterDeadline(system.database, id),
  ]);
  console.log(`${half}: last row ${afterDeadlineMs} ms after the deadline`);
  return { view, rows, afterDeadlineMs };
}

test('undisturbed, everything is answered', () => {
  for (const { ask, provider, failed, skipped, reasons } of undisturbed.view.asks) {
    const meant = (reasons['skipped(same_unit)'] ?? 0) + (reasons['skipped(no_fact)'] ?? 0);
    const robots = reasons['skipped(robots)'] ?? 0;
    expect([ask, provider, failed, skipped - meant - robots]).toEqual([ask, provider, 0, 0]);
  }
});

test('undisturbed, no limit is passed, from the first call of a process on', () => {
  expect(tooFast).toEqual({});
});

test('every row is final at most 3 s after its deadline, each planned cell with an outcome', () => {
  expect(disturbed.afterDeadlineMs).toBeLessThanOrEqual(3_000);
  const asks = disturbed.view.asks.map(({ ask }) => ask).sort();
  for (const row of disturbed.rows) expect(Object.keys(row.cells).sort()).toEqual(asks);
});

test('that holds for short deadlines too', async () => {
  const { rows, round1Ms, deadlineMs } = SHORT;
  const urls = quickDomains('host', rows).map((domain) => `https://${domain}/short`);
  const options = { ...OPTIONS, round1Ms: String(round1Ms), deadlineMs: String(deadlineMs) };
  const id = await finish(urls, options, deadlineMs + 10_000);
  const afterDeadlineMs = await latestAfterDeadline(system.database, id);
  console.log(`deadline of ${deadlineMs} ms: last row ${afterDeadlineMs} ms after it`);
  expect(afterDeadlineMs).toBeLessThanOrEqual(3_000);
  const { cells } = await system.api.submission(id);
  expect(cells).toMatchObject({ planned: rows * disturbed.view.asks.length, pending: 0 });
});

test.each([
  ['rdap', 'failed(timeout)', ['skipped(provider_down)', 'skipped(expired)']],
  ['safebrowsing', 'failed(server)', ['skipped(provider_down)']],
  [
    'safebrowsing.final',
    'failed(server)',
    ['skipped(provider_down)', 'skipped(same_unit)', 'skipped(no_fact)'],
  ],
  ['openpagerank', 'failed(rate_limited)', ['skipped(quota)']],
  // Of garbage a third is a web page, which is a front's word and not the API's.
  ['moz.url', 'failed(malformed)', ['failed(server)', 'skipped(provider_down)']],
  ['moz.domain', 'failed(malformed)', ['failed(server)', 'skipped(provider_down)']],
])('cells of %s say %s, or that nobody asked any more', (ask, word, others) => {
  const words = wordsOf(disturbed.view, ask);
  console.log(`${ask}: ${JSON.stringify(words)}`);
  expect(Object.keys(words)).toContain(word);
  expect(Object.keys(words).filter((one) => one !== word && !others.includes(one))).toEqual([]);
});

// How fast they go on is measured by `npm run bench:isolation`.
test.each(['page', 'dns'])('cells of %s say what they said before', (ask) => {
  expect(wordsOf(disturbed.view, ask)).toEqual(wordsOf(undisturbed.view, ask));
});

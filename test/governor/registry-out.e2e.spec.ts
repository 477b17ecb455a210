import type { RowView } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized, WHOLE } from './size.js';

/** Domains of each registry. */
const DOMAINS = sized(100, 20);
/** Registries on servers of their own. */
const OTHERS = ['com', 'org', 'dev', 'info', 'uk'];
const HUNG = { tld: 'nl', host: 'rdap.sidn.nl' };
const PER_SECOND = 5;
const LIMIT = { permits: PER_SECOND, perMs: 1_000, of: 'calls' as const };
/** Enough for the last domain of a registry that is well, with as much again. */
const PATIENCE_MS = (2_000 * DOMAINS) / PER_SECOND;
const TIMEOUT_MS = 2_000;
/** A hanging call is only known to have failed after its timeout: three of them outlast no window. */
const BREAKER = { volume: 3, errorPercent: 50, coolOffMs: 60_000 };

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: ['rdap'],
    limitsFactor: 1,
    providerSettings: { rdap: { limits: [LIMIT], timeoutMs: TIMEOUT_MS, retries: 0, breaker: BREAKER } },
  });
  await system.simulator.setLimits('rdap', LIMIT);
}, 60_000);
afterAll(() => system?.stop());

const urls = (name: string) =>
  Array.from({ length: DOMAINS }, (_, i) =>
    [...OTHERS, HUNG.tld].map((tld) => `https://ordinary-${name}-${i}.${tld}/`),
  ).flat();

async function run(name: string) {
  const { id } = await system.api.submit(urls(name), { lane: 'bulk', patienceMs: String(PATIENCE_MS) });
  await system.api.finished(id, 150_000);
  const rows = await system.api.rows(id);
  const ofHung = ({ domain }: RowView) => domain!.endsWith(`.${HUNG.tld}`);
  return { others: rows.filter((row) => !ofHung(row)), hung: rows.filter(ofHung) };
}

const cellOf = ({ cells }: RowView) => cells['rdap']!;
const wordOf = (row: RowView) => `${cellOf(row).outcome}(${cellOf(row).detail ?? ''})`;
const unmeasured = (rows: readonly RowView[]) =>
  rows
    .filter((row) => !['ok', 'absent'].includes(cellOf(row).outcome))
    .map((row) => `${row.url} ${wordOf(row)}`);

/** Answers a second, from the first to the last. */
function paceOf(rows: readonly RowView[]): number {
  const at = rows.map((row) => cellOf(row).at);
  return ((rows.length - 1) / (Math.max(...at) - Math.min(...at))) * 1_000;
}

test('one registry hangs: its domains are told so, those of all others go on at their full rate', async () => {
  const before = await run('well');
  expect(unmeasured([...before.others, ...before.hung])).toEqual([]);
  await system.simulator.fault('rdap', 'hang', { host: HUNG.host });
  const beside = await run('out');
  const words = beside.hung.map(wordOf);
  const pace = { undisturbed: paceOf(before.others), disturbed: paceOf(beside.others) };
  report('registry out', {
    rows: [beside.others.length, beside.hung.length],
    ...pace,
    ratio: pace.disturbed / pace.undisturbed,
    hung: Object.fromEntries(
      [...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]),
    ),
    refused: (await system.simulator.counts())['rdap']!.refused,
  });
  expect(unmeasured(beside.others)).toEqual([]);
  for (const word of words)
    expect(['failed(timeout)', 'skipped(provider_down)', 'skipped(quota)']).toContain(word);
  if (WHOLE) expect(pace.disturbed / pace.undisturbed).toBeGreaterThanOrEqual(0.9);
});

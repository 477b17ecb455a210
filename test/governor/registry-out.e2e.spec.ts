import type { RowView } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized, WHOLE } from './size.js';

/** Domains of each registry. */
const DOMAINS = sized(100, 20);
/** Registries on servers of their own. */
const OTHERS = ['com', 'org', 'dev', 'info', 'uk'];
/** Stands beside them while nothing is wrong. */
const WELL = 'nl';
/** Takes its place and hangs from its first call on: no breaker remembers better days. */
const HUNG = { tld: 'no', host: 'rdap.norid.no' };
const PER_SECOND = 5;
const LIMIT = { permits: PER_SECOND, perMs: 1_000, of: 'calls' as const };
/** Enough for the last domain of a registry that is well, and half as much again. */
const PATIENCE_MS = 30_000;
const TIMEOUT_MS = 2_000;
/** A hanging call is only known to have failed after its timeout: three of them outlast no window. */
const BREAKER = { volume: 3, errorPercent: 50, coolOffMs: 60_000 };

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: ['rdap'],
    limitsFactor: 1,
    providerSettings: { rdap: { limits: [LIMIT], timeoutMs: TIMEOUT_MS, breaker: BREAKER } },
  });
  await system.simulator.setLimits('rdap', LIMIT);
}, 60_000);
afterAll(() => system?.stop());

const urls = (name: string, sixth: string, domains: number) =>
  Array.from({ length: domains }, (_, i) =>
    [...OTHERS, sixth].map((tld) => `https://ordinary-${name}-${i}.${tld}/`),
  ).flat();

async function run(name: string, sixth: string, domains = DOMAINS) {
  const { id } = await system.api.submit(urls(name, sixth, domains), {
    lane: 'bulk',
    patienceMs: String(PATIENCE_MS),
  });
  await system.api.finished(id, 150_000);
  const rows = await system.api.rows(id);
  const isOther = ({ domain }: RowView) => !domain!.endsWith(`.${sixth}`);
  return { others: rows.filter(isOther), sixth: rows.filter((row) => !isOther(row)) };
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
  // Fewer than a second allows. Connecting delays the first call, so that the next ones would come too close to it.
  await run('warm-up', WELL, PER_SECOND - 2);
  const before = await run('well', WELL);
  expect(unmeasured([...before.others, ...before.sixth])).toEqual([]);
  await system.simulator.fault('rdap', 'hang', { host: HUNG.host });
  const beside = await run('out', HUNG.tld);
  const words = beside.sixth.map(wordOf);
  const pace = { undisturbed: paceOf(before.others), disturbed: paceOf(beside.others) };
  const { refused } = (await system.simulator.counts())['rdap']!;
  report('registry out', {
    rows: [beside.others.length, beside.sixth.length],
    ...pace,
    ratio: pace.disturbed / pace.undisturbed,
    hung: Object.fromEntries(
      [...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]),
    ),
    refused,
  });
  expect(refused).toBe(0);
  expect(unmeasured(beside.others)).toEqual([]);
  for (const word of words)
    expect(['failed(timeout)', 'skipped(provider_down)', 'skipped(quota)']).toContain(word);
  if (WHOLE) expect(pace.disturbed / pace.undisturbed).toBeGreaterThanOrEqual(0.9);
});

import type { RowView } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { testUrls } from '../faults/test-urls.js';

const ROWS = 1_000;
const DOMAINS = 100;
let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({ fetchers: [['page'], ['rdap'], ['openpagerank'], ['moz']] });
}, 60_000);
afterAll(() => system?.stop());
beforeEach(() => system.simulator.resetCounts());

async function run(name: string, providers: string): Promise<RowView[]> {
  const { id } = await system.api.submit(testUrls(name, ROWS, DOMAINS), { providers, lane: 'bulk' });
  await system.api.finished(id, 60_000);
  return system.api.rows(id);
}

/** What a per-domain ask may cost: each domain once, however many rows point at it. */
async function expectAskedOnce(surface: string, domains: number): Promise<void> {
  const provider = surface.split('.')[0]!;
  const counts = await system.simulator.counts();
  const { units, distinctUnits } = counts[provider]!.surfaces[surface]!;
  expect({ surface, units, distinctUnits }).toEqual({ surface, units: domains, distinctUnits: domains });
}

test('1,000 rows on 100 domains: a registry, a rank and a site index are asked 100 units each', async () => {
  const rows = await run('plain', 'rdap,openpagerank,moz');
  expect(new Set(rows.map(({ domain }) => domain)).size).toBe(DOMAINS);
  for (const surface of ['rdap', 'openpagerank', 'moz.domain']) await expectAskedOnce(surface, DOMAINS);
});

test('where pages lead to other domains, these are asked about, each once too', async () => {
  const rows = await run('led', 'page,openpagerank,moz');
  const truths = await Promise.all(
    rows.map(({ url }) => system.simulator.truth<{ facts?: { finalDomain?: string } }>('page', 'page', url)),
  );
  const final = new Set(rows.map(({ domain }, i) => truths[i]!.facts?.finalDomain ?? domain));
  expect([...final].some((domain) => rows.every((row) => row.domain !== domain))).toBe(true);
  for (const surface of ['openpagerank', 'moz.domain']) await expectAskedOnce(surface, final.size);
});

import type { RowView } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { testUrls } from '../faults/test-urls.js';

const ROWS = 1_000;
const DOMAINS = 100;
let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    fetchers: [['page'], ['rdap'], ['openpagerank'], ['moz'], ['dns', 'safebrowsing']],
  });
}, 60_000);
afterAll(() => system?.stop());

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

const kept = async () =>
  (
    await system.database.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM submission) AS submissions, (SELECT count(*)::int FROM submission_line) AS lines,
         (SELECT count(*)::int FROM rejected_line) AS rejected, (SELECT count(*)::int FROM dispatch) AS dispatches,
         (SELECT count(*)::int FROM url_row) AS rows`,
    )
  ).rows[0];

test.each([
  ['an empty list', '{"urls":[]}', 'application/json', 400, /list is empty/],
  ['an empty text', '', 'text/plain', 400, /list is empty/],
  [
    'cut JSON',
    '{"urls":["https://cut.example/a","https://cut.ex',
    'application/json',
    400,
    /nothing was kept/,
  ],
  ['JSON that is no list', '{"urls":"https://a.example/"}', 'application/json', 400, /urls/],
  ['a wrong content type', 'https://a.example/', 'application/xml', 415, /text\/plain/],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 'text/plain', 415, /binary/],
] as const)(
  '%s is refused in words; nothing kept, nothing dispatched',
  async (_, body, type, status, detail) => {
    const before = await kept();
    const response = await system.api.post(body, type);
    const problem = (await response.json()) as { status: number; detail: string };
    expect([response.status, problem.status]).toEqual([status, status]);
    expect(problem.detail).toMatch(detail);
    expect(await kept()).toEqual(before);
  },
);

test('bad lines are told one by one, with number and reason; the good one goes through', async () => {
  const good = 'https://popular-good.com/';
  const lines = ['not a URL', 'ftp://files.example/a', good, `https://a.example/${'x'.repeat(10_240)}`, good];
  const { id, counts } = await system.api.submit(lines, { providers: 'dns' });
  expect(counts).toEqual({ lines: 5, accepted: 1, duplicate: 1, rejected: 3 });
  const { items } = await system.api.get<{ items: { seq: number; line: string; reason: string }[] }>(
    `/v1/submissions/${id}/rejected`,
  );
  expect(items.map(({ seq, reason }) => [seq, reason])).toEqual([
    [1, expect.stringMatching(/Not a URL/)],
    [2, expect.stringMatching(/http/)],
    [4, expect.stringMatching(/8,192 bytes/)],
  ]);
  const view = await system.api.finished(id, 20_000);
  expect(view.cells).toMatchObject({ planned: 1, ok: 1 });
});

test('100 rows with URLs of 8 KB go through the whole flow', async () => {
  const urls = Array.from({ length: 100 }, (_, i) =>
    `https://www.popular-long-${i % 10}.com/${i}/`.padEnd(8_192, 'abcdefgh'),
  );
  const { id, counts } = await system.api.submit(urls);
  expect(counts.accepted).toBe(100);
  await system.api.finished(id, 45_000);
  const rows = await system.api.rows(id);
  expect(rows.map(({ url }) => url).sort()).toEqual([...urls].sort());
  const outcomes = (ask: string) =>
    rows.map(({ cells }: RowView) => [cells[ask]?.outcome, cells[ask]?.detail].join(' ').trim());
  for (const ask of ['page', 'dns', 'rdap', 'safebrowsing', 'openpagerank', 'moz.domain', 'moz.url'])
    expect([ask, new Set(outcomes(ask))]).toEqual([ask, new Set(['ok'])]);
});

describe('units are asked about once', () => {
  beforeEach(() => system.simulator.resetCounts());

  test('1,000 rows on 100 domains: a registry, a rank and a site index are asked 100 units each', async () => {
    const rows = await run('plain', 'rdap,openpagerank,moz');
    expect(new Set(rows.map(({ domain }) => domain)).size).toBe(DOMAINS);
    for (const surface of ['rdap', 'openpagerank', 'moz.domain']) await expectAskedOnce(surface, DOMAINS);
  });

  test('where pages lead to other domains, these are asked about, each once too', async () => {
    const rows = await run('led', 'page,openpagerank,moz');
    const truths = await Promise.all(
      rows.map(({ url }) =>
        system.simulator.truth<{ facts?: { finalDomain?: string } }>('page', 'page', url),
      ),
    );
    const final = new Set(rows.map(({ domain }, i) => truths[i]!.facts?.finalDomain ?? domain));
    expect([...final].some((domain) => rows.every((row) => row.domain !== domain))).toBe(true);
    for (const surface of ['openpagerank', 'moz.domain']) await expectAskedOnce(surface, final.size);
  });
});

test('nothing died of it', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RowView, SubmissionView } from '@assay/contracts';
import { rootFolder } from '@assay/embedded';
import { builtInProviders } from '@assay/providers';
import { countsOf, recount } from '../harness/recount.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';

const WITHIN_MS = 150_000;
const PATIENT = { name: 'shipped list', patienceMs: '100000', round1Ms: '60000', deadlineMs: '140000' };
let system: TestSystem;
let lines: string[];
let view: SubmissionView;
let rows: RowView[];

beforeAll(async () => {
  lines = (await readFile(join(rootFolder(), 'apps/standalone/demo-urls.txt'), 'utf8')).split('\n');
  system = await startSystem({
    providers: builtInProviders.map(({ id }) => id),
    simulatorLatency: '1-4',
  });
  const { id } = await system.api.submit(lines, PATIENT);
  view = await system.api.finished(id, WITHIN_MS);
  rows = await system.api.rows(id);
}, 200_000);
afterAll(() => system?.stop());

test('every line is accepted, duplicate or rejected, and every row is final', () => {
  const { counts } = view;
  expect(counts.lines).toBe(lines.filter((line) => line.trim() !== '').length);
  expect(counts.lines).toBe(counts.accepted + counts.duplicate + counts.rejected);
  expect(counts.accepted).toBeGreaterThanOrEqual(250);
  expect(counts.duplicate).toBeGreaterThan(0);
  expect(counts.rejected).toBeGreaterThan(0);
  expect(view.rows).toEqual({ total: counts.accepted, waiting: 0, partial: 0, final: counts.accepted });
  expect(rows).toHaveLength(counts.accepted);
});

test('every ask of all 34 providers is planned for every row', () => {
  expect(new Set(builtInProviders.map(({ id }) => id)).size).toBe(34);
  const asks = builtInProviders.flatMap((provider) => provider.asks.map(({ id }) => id));
  expect(view.asks.map(({ ask }) => ask).sort()).toEqual(asks.sort());
  expect(view.cells.planned).toBe(view.rows.total * asks.length);
});

test('planned cells are ok, absent, failed or skipped, and counting again gives the same', async () => {
  for (const ask of [view.cells, ...view.asks])
    expect(ask.planned).toBe(ask.ok + ask.absent + ask.failed + ask.skipped);
  expect(await recount(system.database, view.id)).toEqual(countsOf(view));
});

test('no cell is empty without a word, no missing number is shown as 0', () => {
  const asks = view.asks.map(({ ask }) => ask).sort();
  for (const row of rows) {
    expect(Object.keys(row.cells).sort()).toEqual(asks);
    for (const [ask, cell] of Object.entries(row.cells)) {
      if (cell.outcome === 'ok')
        expect([row.url, ask, cell.numbers]).toEqual([row.url, ask, expect.any(Object)]);
      else expect([row.url, ask, cell.numbers]).toEqual([row.url, ask, undefined]);
      if (cell.outcome === 'failed' || cell.outcome === 'skipped') expect(cell.detail).toBeTruthy();
    }
  }
});

test('what can be asked was measured: the demo is worth looking at', () => {
  // Some registries answer nobody, and most URLs end where they began.
  const notAskable = (ask: (typeof view.asks)[number]) =>
    ['unsupported', 'same_unit', 'no_fact'].reduce(
      (sum, why) => sum + (ask.reasons[`skipped(${why})`] ?? 0),
      0,
    );
  const share = (ask: (typeof view.asks)[number]) => (ask.ok + ask.absent) / (ask.planned - notAskable(ask));
  expect(view.asks.map((ask) => [ask.ask, share(ask)]).filter(([, of]) => Number(of) < 0.9)).toEqual([]);
});

test('a domain is asked about once, however many of its URLs stand in the list', async () => {
  const domains = new Set(rows.map(({ domain }) => domain));
  const { openpagerank } = await system.simulator.counts();
  expect(openpagerank!.distinctUnits).toBeLessThanOrEqual(domains.size + 20);
  expect(openpagerank!.units).toBe(openpagerank!.distinctUnits);
});

test('every provider told something: no adapter and its double misunderstand each other', () => {
  const silent = builtInProviders.filter(({ asks }) =>
    asks.every((ask) => {
      const counts = view.asks.find((one) => one.ask === ask.id)!;
      return counts.ok + counts.absent === 0;
    }),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test("the simulator's calls are those of the ledger", async () => {
  const { rows: booked } = await system.database.query<{ provider: string; calls: string }>(
    `SELECT provider, sum(calls) AS calls FROM (
       SELECT provider, calls FROM call_minute UNION ALL SELECT provider, requests FROM call
     ) AS all_calls GROUP BY provider`,
  );
  const counts = await system.simulator.counts();
  const of = (...ids: string[]) => ids.reduce((sum, id) => sum + (counts[id]?.calls ?? 0), 0);
  const ours = (...ids: string[]) =>
    booked
      .filter(({ provider }) => ids.includes(provider))
      .reduce((sum, { calls }) => sum + Number(calls), 0);
  // A file that is the same for all who ask is fetched by whoever comes first: page and robots share robots.txt.
  expect(ours('page', 'robots')).toBe(of('page', 'robots'));
  expect(ours('rdap')).toBe(of('rdap', 'rdap-bootstrap'));
  const alone = builtInProviders.map(({ id }) => id).filter((id) => !['page', 'robots', 'rdap'].includes(id));
  expect(Object.fromEntries(alone.map((id) => [id, ours(id)]))).toEqual(
    Object.fromEntries(alone.map((id) => [id, of(id)])),
  );
});

test('nothing died on the way, and nothing reached where it must not', async () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
  const counts = await system.simulator.counts();
  expect([counts['forbidden'], counts['unregistered']]).toEqual([undefined, undefined]);
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import type { RowView, SubmissionView } from '@assay/contracts';
import { countsOf, recount } from '../harness/recount.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';

const WITHIN_MS = 90_000;
/** What a busy machine makes wait is not what is tested here. */
const PATIENT = { name: 'shipped list', patienceMs: '60000', round1Ms: '60000', deadlineMs: '90000' };
let system: TestSystem;
let lines: string[];
let view: SubmissionView;
let rows: RowView[];

beforeAll(async () => {
  lines = (await readFile(join(rootFolder(), 'apps/standalone/demo-urls.txt'), 'utf8')).split('\n');
  system = await startSystem();
  const { id } = await system.api.submit(lines, PATIENT);
  view = await system.api.finished(id, WITHIN_MS);
  rows = await system.api.rows(id);
}, 150_000);
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

test('planned cells are ok, absent, failed or skipped, ask by ask', () => {
  const { cells, asks } = view;
  expect(asks.length).toBeGreaterThanOrEqual(8);
  expect(cells.planned).toBe(view.rows.total * asks.length);
  expect(cells.planned).toBe(cells.ok + cells.absent + cells.failed + cells.skipped);
  for (const ask of asks) {
    expect(ask.planned).toBe(ask.ok + ask.absent + ask.failed + ask.skipped);
    const reasons = Object.values(ask.reasons).reduce((sum, n) => sum + n, 0);
    expect(reasons).toBe(ask.failed + ask.skipped);
  }
});

test('counting again from lines and rows gives the same', async () => {
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
    (ask.reasons['skipped(unsupported)'] ?? 0) + (ask.reasons['skipped(same_unit)'] ?? 0);
  const share = (ask: (typeof view.asks)[number]) => (ask.ok + ask.absent) / (ask.planned - notAskable(ask));
  expect(view.asks.map((ask) => [ask.ask, share(ask)]).filter(([, of]) => Number(of) < 0.9)).toEqual([]);
});

test('a domain is asked about once, however many of its URLs stand in the list', async () => {
  const domains = new Set(rows.map(({ domain }) => domain));
  const { openpagerank } = await system.simulator.counts();
  expect(openpagerank!.distinctUnits).toBeLessThanOrEqual(domains.size + 20);
  expect(openpagerank!.units).toBe(openpagerank!.distinctUnits);
});

test('nothing died on the way', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

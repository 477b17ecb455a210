import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellView, RetryAccepted, RowView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { testUrls } from '../faults/test-urls.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';

const BROKEN = 'openpagerank';
const LARGE = 8_000;
/** After a cancel no call starts later than this. */
const LAST_CALL_MS = 2_000;
let system: TestSystem;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-control-'));
  const settings = join(folder, 'providers.json');
  const breaker = { volume: 20, errorPercent: 50, coolOffMs: 3_000 };
  await writeFile(settings, JSON.stringify({ [BROKEN]: { breaker } }));
  system = await startSystem({ environment: { IN_FLIGHT_ROWS: '2000', PROVIDER_SETTINGS: settings } });
}, 60_000);
afterEach(() => system.simulator.clearFaults());
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function post<T>(id: string, verb: string, body?: unknown): Promise<{ status: number; answer: T }> {
  const response = await fetch(`${system.api.address}/v1/submissions/${id}/${verb}`, {
    method: 'POST',
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { status: response.status, answer: (await response.json()) as T };
}

const isBroken = (ask: string) => ask.split('.')[0] === BROKEN;

function cellsOf(rows: readonly RowView[], broken: boolean): [string, CellView][] {
  return rows.flatMap(({ seq, cells }) =>
    Object.entries(cells)
      .filter(([ask]) => isBroken(ask) === broken)
      .map(([ask, cell]): [string, CellView] => [`${seq} ${ask}`, cell]),
  );
}

/** What the other providers were asked so far, by the simulator's own count. */
async function others(): Promise<Record<string, unknown>> {
  const { [BROKEN]: _broken, ...rest } = await system.simulator.counts();
  return rest;
}

async function callsSoFar(): Promise<number> {
  return Object.values(await system.simulator.counts()).reduce((sum, { calls }) => sum + calls, 0);
}

test('a provider fails for a whole list; its cells are retried once it is well, and nothing else is touched', async () => {
  await system.simulator.fault(BROKEN, '500');
  const { id } = await system.api.submit(testUrls('control', 300, 100));
  await system.api.finished(id, 60_000);
  const before = await system.api.rows(id);
  const broken = cellsOf(before, true);
  // Whether the breaker opens before the last row depends on the pace.
  for (const [cell, { outcome, detail }] of broken)
    expect([cell, ['failed(server)', 'skipped(provider_down)']]).toEqual([
      cell,
      expect.arrayContaining([`${outcome}(${detail})`]),
    ]);
  const asked = await others();
  await system.simulator.clearFaults();
  // The breaker lets nobody through before.
  const until = Math.max(...broken.map(([, cell]) => cell.until ?? 0));
  await eventually(
    () => Date.now(),
    (now) => now > until,
    60_000,
  );
  const { status, answer } = await post<RetryAccepted>(id, 'retry', { providers: [BROKEN] });
  expect([status, answer]).toEqual([
    202,
    expect.objectContaining({ gen: 1, rows: 300, cells: broken.length }),
  ]);
  await system.api.finished(id, 60_000);
  const after = await system.api.rows(id);
  for (const [cell, { outcome, gen, last }] of cellsOf(after, true))
    expect([cell, ['ok', 'absent'].includes(outcome), gen, last]).toEqual([cell, true, 1, undefined]);
  expect(cellsOf(after, false)).toEqual(cellsOf(before, false));
  expect(await others()).toEqual(asked);
}, 150_000);

test('a large list is cancelled: every row is final, and soon no call starts any more', async () => {
  const { id } = await system.api.submit(testUrls('cancelled', LARGE, 400), {
    providers: 'page,dns,openpagerank',
    lane: 'bulk',
  });
  await eventually(
    () => system.api.submission(id),
    ({ rows }) => rows.final > 100,
    60_000,
  );
  const { status } = await post(id, 'cancel');
  const cancelledAt = Date.now();
  expect(status).toBe(200);
  await eventually(
    () => Date.now(),
    (now) => now >= cancelledAt + LAST_CALL_MS,
  );
  const calls = await callsSoFar();
  const view = await eventually(
    () => system.api.submission(id),
    ({ rows }) => rows.final === rows.total,
    120_000,
  );
  expect(view).toMatchObject({ state: 'cancelled', rows: { total: LARGE }, cells: { pending: 0 } });
  expect(view.asks.every(({ reasons }) => (reasons['skipped(cancelled)'] ?? 0) >= LARGE / 2)).toBe(true);
  expect(await callsSoFar()).toBe(calls);
}, 240_000);

test('nothing died of it', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

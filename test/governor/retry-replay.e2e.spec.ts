import {
  topicOf,
  type CellView,
  type MessageName,
  type RetryAccepted,
  type RetryFilter,
  type RowView,
} from '@assay/contracts';
import { eventually } from '@assay/testing';
import { testUrls } from '../faults/test-urls.js';
import type { ProviderCounts } from '../harness/simulator-control.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { Topics, type KeptMessage } from '../harness/topics.js';
import { report, sized } from './size.js';

const ROWS = sized(300, 100);
const DOMAINS = sized(100, 40);
const BROKEN = 'openpagerank';
const PROVIDERS = ['page', 'dns', 'openpagerank', 'moz', 'safebrowsing'];
/** All that carries a request or its outcome; the last one, what became of a row. */
const REPLAYED: readonly MessageName[] = [
  'url.submitted',
  'metric.round1',
  'round2.requested',
  'metric.round2',
  'row.joined',
];
const TOPICS = REPLAYED.map((message) => topicOf(message, 'bulk'));

type Counts = Record<string, ProviderCounts>;
type Cells = ReadonlyMap<string, CellView>;

let system: TestSystem;
let topics: Topics;

beforeAll(async () => {
  // No breaker opens: what fails is asked again as soon as a person says so.
  const breaker = { volume: 100_000, errorPercent: 100, coolOffMs: 3_000 };
  system = await startSystem({
    providers: PROVIDERS,
    providerSettings: { [BROKEN]: { breaker, retries: 0 }, page: { breaker, retries: 0 } },
  });
  topics = new Topics(system.brokers);
}, 60_000);
afterEach(() => system.simulator.clearFaults());
afterAll(async () => {
  await topics?.close();
  await system?.stop();
});

/** A list that was asked about while `provider` failed, and all messages there were until then. */
async function withFailures(name: string, provider: string, fault: '500' | 'reset') {
  await system.simulator.resetCounts();
  await system.simulator.fault(provider, fault);
  const { id } = await system.api.submit(testUrls(name, ROWS, DOMAINS), { lane: 'bulk' });
  await system.api.finished(id, 60_000);
  await system.simulator.clearFaults();
  await eventually(
    () => topics.lag(TOPICS),
    (lag) => lag === 0,
    30_000,
  );
  return {
    id,
    cells: await cellsOf(id),
    counts: await system.simulator.counts(),
    old: await topics.read(TOPICS),
  };
}

async function cellsOf(id: string): Promise<Cells> {
  const rows: readonly RowView[] = await system.api.rows(id);
  return new Map(
    rows.flatMap(({ seq, cells }) => Object.entries(cells).map(([ask, cell]) => [`${seq} ${ask}`, cell])),
  );
}

async function retry(id: string, filter: RetryFilter): Promise<RetryAccepted> {
  const response = await fetch(`${system.api.address}/v1/submissions/${id}/retry`, {
    method: 'POST',
    body: JSON.stringify(filter),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(202);
  return (await response.json()) as RetryAccepted;
}

const allRead = (lag: number) => lag === 0;
const isComplete = async (id: string) => (await system.api.submission(id)).state === 'complete';

/**
 * Retries, and sends everything old at once, and once more each time all of it was read and the list is not done;
 * and again when it is. Resolves when all of it was read.
 */
async function retryAmidReplays(id: string, filter: RetryFilter, old: readonly KeptMessage[]) {
  const accepted = await retry(id, filter);
  let replays = 0;
  for (let done = false; !done; replays++) {
    await topics.send(old);
    await eventually(() => topics.lag(TOPICS), allRead, 60_000);
    done = await isComplete(id);
  }
  await topics.send(old);
  await eventually(() => topics.lag(TOPICS), allRead, 60_000);
  await system.api.finished(id, 20_000);
  return {
    accepted,
    replays: replays + 1,
    cells: await cellsOf(id),
    counts: await system.simulator.counts(),
  };
}

const providerOf = (cell: string) => cell.split(' ')[1]!.split('.')[0]!;
const measured = ({ outcome }: CellView) => outcome === 'ok' || outcome === 'absent';
/** What must stay: a request that comes again may be skipped again, which makes that attempt a later one. */
const kept = (cell: CellView) => (measured(cell) ? cell : { ...cell, at: 0 });
const callsOf = (counts: Counts, providers: readonly string[]) =>
  providers.map((id) => [id, counts[id]!.calls, counts[id]!.units]);

function expectNoneLost(before: Cells, after: Cells): void {
  expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
  for (const [name, cell] of before)
    if (measured(cell)) expect([name, measured(after.get(name)!)]).toEqual([name, true]);
}

test('failed cells are retried while every old message comes again: those, no others, and no value is lost', async () => {
  const first = await withFailures('replayed', BROKEN, '500');
  const failed = [...first.cells].filter(([, { outcome }]) => outcome === 'failed').map(([name]) => name);
  expect(failed.length).toBe(ROWS);
  const second = await retryAmidReplays(first.id, { providers: [BROKEN] }, first.old);
  report('retry amid replays', {
    rows: ROWS,
    retried: second.accepted.cells,
    replays: second.replays,
    messages: first.old.length,
    calls: callsOf(second.counts, PROVIDERS),
  });
  expect(second.accepted).toMatchObject({ gen: 1, rows: ROWS, cells: ROWS });
  for (const [name, cell] of second.cells) {
    if (providerOf(name) !== BROKEN) expect([name, kept(cell)]).toEqual([name, kept(first.cells.get(name)!)]);
    else expect([name, measured(cell), cell.gen, cell.last]).toEqual([name, true, 1, undefined]);
  }
  const others = PROVIDERS.filter((id) => id !== BROKEN);
  expect(callsOf(second.counts, others)).toEqual(callsOf(first.counts, others));
  expect(second.counts['moz']!.repeatedUnits).toBe(0);
}, 150_000);

test('facts that a retry finds change what is asked, and nothing is bought twice', async () => {
  const first = await withFailures('refound', 'page', 'reset');
  const second = await retryAmidReplays(first.id, { providers: ['page'] }, first.old);
  const mozBefore = first.counts['moz']!;
  const moz = second.counts['moz']!;
  report('page facts change between gens', {
    rows: ROWS,
    retried: second.accepted.cells,
    replays: second.replays,
    mozUnits: [mozBefore.units, moz.units],
    repeated: moz.repeatedUnits,
  });
  expectNoneLost(first.cells, second.cells);
  expect(moz.distinctUnits).toBeGreaterThan(mozBefore.distinctUnits);
  expect([moz.units, moz.repeatedUnits]).toEqual([moz.distinctUnits, 0]);
  // What robots.txt forbids is not retried, nor what waits for it.
  const isRetried = (name: string) => first.cells.get(`${name.split(' ')[0]} page`)!.outcome === 'failed';
  for (const [name, cell] of second.cells) {
    if (providerOf(name) !== 'moz') continue;
    expect([name, measured(cell), (cell.last ?? cell).gen]).toEqual([name, true, isRetried(name) ? 1 : 0]);
  }
  expect(callsOf(second.counts, ['dns'])).toEqual(callsOf(first.counts, ['dns']));
}, 150_000);

test('nothing died of it', () => {
  expect(system.notes.filter((note) => note.includes('ended'))).toEqual([]);
});

import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@assay/testing';
import { descendants } from '../harness/launched.js';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { differences } from './expected-cells.js';
import { ReadyWatch } from './ready-watch.js';
import { countsTwice, installWatch, progressOf, rowFaults } from './row-watch.js';
import { testUrls } from './test-urls.js';

const ROWS = 1_500;
const DOMAINS = 300;
const SAMPLE = 60;
const STOPPED_MS = 10_000;
/** Longer than a producer tries by itself (16 s) and than silence is borne (30 s): consumers start over. */
const LONG_MS = 45_000;
const BACK_WITHIN_MS = 20_000;

type Part = 'kafka' | 'postgres';
type How = 'killed' | 'stopped' | 'stopped for long';
type Outage = readonly [part: Part, how: How, atShare: number];
const OUTAGES: readonly Outage[] = [
  ['kafka', 'killed', 0.02],
  ['postgres', 'killed', 0.25],
  ['kafka', 'stopped', 0.5],
  ['postgres', 'stopped', 0.65],
  ['kafka', 'stopped for long', 0.8],
];

interface Seen {
  /** From the kill, or from the end of the stop, to the first row that became final then. */
  readonly resumedMs: number;
  readonly awayShownMs: number | undefined;
  readonly readyAgain: boolean;
}

let system: TestSystem;
let ready: ReadyWatch;
let id: string;
const seen = new Map<Outage, Seen>();
let refused: { status: number; retryAfter: string | null; detail: string; tookMs: number };
let cut: { status: number; retryAfter: string | null };
let submissions: { before: number; after: number };
let pids: { before: Record<string, number>; after: Record<string, number> };

/** Those that nobody asked to die. */
const services = () => {
  const { kafka: _kafka, postgres: _postgres, ...others } = system.pids();
  return others;
};

const final = () =>
  progressOf(system.database, id).then(
    (progress) => progress.final,
    () => -1,
  );

const count = async () =>
  (await system.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM submission`)).rows[0]!.n;

function signal(part: Part, name: NodeJS.Signals): void {
  const pid = system.pids()[part]!;
  // The server of a connection is a process of its own; after a kill they end by themselves.
  for (const one of name === 'SIGKILL' ? [pid] : [pid, ...descendants(pid)]) process.kill(one, name);
}

async function resumed(since: number): Promise<number> {
  const before = Math.max(await final(), 0);
  await eventually(final, (now) => now > before, BACK_WITHIN_MS + 10_000);
  return Date.now() - since;
}

async function suffer(outage: Outage): Promise<void> {
  const [part, how, share] = outage;
  await eventually(final, (rows) => rows >= share * ROWS, 120_000);
  const at = Date.now();
  let since = at;
  if (how === 'killed') {
    const upload = part === 'postgres' ? cutUpload() : undefined;
    signal(part, 'SIGKILL');
    if (upload) cut = await upload;
  } else {
    signal(part, 'SIGSTOP');
    if (part === 'postgres') await refusedUpload();
    const forMs = how === 'stopped' ? STOPPED_MS : LONG_MS;
    await wait(Math.max(0, at + forMs - Date.now()));
    since = Date.now();
    signal(part, 'SIGCONT');
  }
  const resumedMs = await resumed(since);
  const readyAgain = await eventually(
    () => ready.last?.status,
    (status) => status === 200,
  ).then(() => true);
  seen.set(outage, { resumedMs, awayShownMs: ready.firstAway(part, at), readyAgain });
}

/** While it is known to be away. */
async function refusedUpload(): Promise<void> {
  await eventually(
    () => ready.last,
    (look) => look?.away.includes('ingest') === true && look.away.includes('postgres'),
    8_000,
  );
  const at = Date.now();
  const response = await system.api.post('https://example.org/', 'text/plain');
  const { detail } = (await response.json()) as { detail: string };
  const { status, headers } = response;
  refused = { status, retryAfter: headers.get('retry-after'), detail, tookMs: Date.now() - at };
}

/** A list that is half in the tables when PostgreSQL dies. */
async function cutUpload(): Promise<typeof cut> {
  const piece = `${testUrls('cut', 5_000, 50).join('\n')}\n`;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(piece)),
    pull: async (controller) => {
      await eventually(
        () => system.pids()['postgres'],
        (pid) => pid !== pids.before['postgres'],
      );
      controller.enqueue(Buffer.from(piece.replaceAll('ref=cut', 'ref=more')));
      controller.close();
    },
  });
  const response = await fetch(`${system.api.address}/v1/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body,
    duplex: 'half',
  } as RequestInit);
  await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after') };
}

beforeAll(async () => {
  system = await startSystem({
    // No more rows at a time than needed, slow answers: the list lasts longer than all outages.
    simulatorLatency: '20-60',
    environment: { IN_FLIGHT_ROWS: '500' },
  });
  await installWatch(system.database);
  ready = new ReadyWatch(system.api.address);
  await eventually(
    () => ready.last?.status,
    (status) => status === 200,
  );
  pids = { before: system.pids(), after: {} };
  ({ id } = await system.api.submit(testUrls('outage', ROWS, DOMAINS), { lane: 'bulk' }));
  const before = await count();
  for (const outage of OUTAGES) await suffer(outage);
  await system.api.finished(id, 90_000);
  submissions = { before, after: await count() };
  pids.after = system.pids();
  await ready.stop();
  console.log(JSON.stringify([...seen].map(([outage, what]) => ({ outage: outage.join(' '), ...what }))));
  // Two minutes where the machine is not busy otherwise.
}, 360_000);
afterAll(async () => {
  await ready?.stop().catch(() => undefined);
  await system?.stop();
});

test.each(OUTAGES)('%s %s: shown as away, ready again, rows become final within 20 s', (...outage) => {
  const [part, how] = outage;
  const { resumedMs, awayShownMs, readyAgain } = [...seen].find(
    ([one]) => one[0] === part && one[1] === how,
  )![1];
  expect(awayShownMs).toBeDefined();
  if (how !== 'killed') expect(awayShownMs).toBeLessThanOrEqual(6_500);
  expect(readyAgain).toBe(true);
  expect(resumedMs).toBeLessThanOrEqual(BACK_WITHIN_MS);
});

test('no service died', () => {
  const { kafka, postgres, ...others } = pids.before;
  expect(services()).toEqual(others);
  expect([pids.after['kafka'], pids.after['postgres']]).not.toEqual([kafka, postgres]);
});

test('the health of it all is told without waiting for what is away', () => {
  expect(ready.slowestMs).toBeLessThan(2_500);
});

test('a row for every line, each final, its versions only rising', async () => {
  const { rows } = await system.database.query(
    `SELECT count(*)::int AS rows, count(*) FILTER (WHERE state = 'final')::int AS final FROM url_row WHERE submission = $1`,
    [id],
  );
  expect(rows[0]).toEqual({ rows: ROWS, final: ROWS });
  expect(await rowFaults(system.database, id)).toEqual([]);
});

test('values are those of the simulator', async () => {
  const rows = await system.api.rows(id);
  const sample = rows.filter((_, i) => i % Math.floor(ROWS / SAMPLE) === 0);
  const found = await Promise.all(sample.map((row) => differences(system.simulator, row)));
  expect(found.flat()).toEqual([]);
});

test('counts are those of the rows, every planned cell has an outcome', async () => {
  const { counted, recounted } = await countsTwice(system.database, id);
  expect(counted).toEqual(recounted);
  const { cells, asks } = await system.api.submission(id);
  expect(cells.planned).toBe(ROWS * asks.length);
  expect(cells.ok + cells.absent + cells.failed + cells.skipped).toBe(cells.planned);
});

test('a list sent while PostgreSQL hangs is refused at once, with the time to come again, and left nothing', () => {
  expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
  expect(refused.detail).toMatch(/PostgreSQL.*nothing was kept/);
  expect(refused.tookMs).toBeLessThan(1_000);
});

test('a list half sent when PostgreSQL was killed is refused as a whole', async () => {
  expect(cut).toEqual({ status: 503, retryAfter: '5' });
  const { rows } = await system.database.query(
    `SELECT state FROM submission WHERE id <> $1 AND state <> 'receiving'`,
    [id],
  );
  expect(rows).toEqual([]);
  expect(submissions.after - submissions.before).toBeLessThanOrEqual(1);
});

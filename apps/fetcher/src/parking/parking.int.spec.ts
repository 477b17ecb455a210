import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plan } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { Kafka } from 'kafkajs';
import { FetcherFixture, hosts, newPlan, whole } from '../fetcher.fixture.js';

let fixture: FetcherFixture;

beforeAll(async () => {
  fixture = await FetcherFixture.start();
});
beforeEach(() => fixture.forget());
afterEach(() => fixture.stopFetchers());
afterAll(() => fixture?.stop());

const patient = (given: Partial<Plan> = {}): Plan => {
  const now = Date.now();
  return newPlan({
    asks: { hosts: 0 },
    round1At: now + 90_000,
    deadlineAt: now + 100_000,
    patienceMs: 80_000,
    ...given,
  });
};

async function submitAll(plan: Plan, count: number, host: string): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, seq) => fixture.submit(plan, seq, host, 'bulk')));
}

async function parked(limitKey?: string): Promise<number> {
  const text = 'SELECT count(*)::int AS n FROM parked WHERE $1::text IS NULL OR limit_key = $1';
  const { rows } = await fixture.database.query<{ n: number }>({ text, values: [limitKey] });
  return rows[0]!.n;
}

/** What a person decides at ingest. */
async function control(plan: Plan, state: 'running' | 'paused' | 'cancelled'): Promise<void> {
  const text = `
    INSERT INTO submission (id, state, lane, asks, round1_ms, deadline_ms, grace_ms, patience_ms, controlled_at,
      cancelled_at)
    VALUES ($1, $2, 'bulk', '{hosts}', 90000, 100000, 60000, 80000, now(), CASE $2 WHEN 'cancelled' THEN now() END)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, controlled_at = excluded.controlled_at,
      cancelled_at = excluded.cancelled_at`;
  await fixture.database.query({ text, values: [plan.submission, state] });
}

const outcomes = (plan: Plan) => {
  const counts: Record<string, number> = {};
  for (const { outcome, detail } of fixture.cellsOf(plan)) {
    const name = detail ? `${outcome}(${detail})` : outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

/** Messages that the group has not committed. */
async function uncommitted(group: string): Promise<number> {
  const admin = new Kafka({ brokers: [fixture.brokers], logLevel: 0 }).admin();
  await admin.connect();
  try {
    const topic = 'url.submitted.bulk';
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const at = new Map(committed!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce((sum, { partition, offset }) => sum + Number(offset) - (at.get(partition) ?? 0), 0);
  } finally {
    await admin.disconnect();
  }
}

test('rows of one host wait in the table, not in the window: committed long before they are asked, in their turn', async () => {
  await fixture.fetcher({ providers: [hosts] });
  const plan = patient();
  const began = Date.now();
  await submitAll(plan, 50, 'slow.test');
  await eventually(
    () => uncommitted('fetcher.hosts'),
    (open) => open <= 6,
    5_000,
  );
  expect(fixture.cellsOf(plan).length).toBeLessThan(30);
  expect(await parked('slow.test')).toBeGreaterThan(20);
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 50,
  );
  expect(Date.now() - began).toBeLessThan(14_000);
  expect(outcomes(plan)).toEqual({ ok: 50 });
  expect(new Set(fixture.askedHosts).size).toBe(50);
  expect(fixture.asked).toHaveLength(50);
  // Ten windows of a second.
  expect(fixture.asked.at(-1)!.at - fixture.asked[0]!.at).toBeGreaterThan(8_500);
  for (const { seq, context } of fixture.cellsOf(plan))
    expect(context).toMatchObject({ partition: seq % 4, lane: 'bulk', message: 'metric.round1' });
  await eventually(parked, (rows) => rows === 0);
  await eventually(
    () => uncommitted('fetcher.hosts'),
    (open) => open === 0,
  );
});

test('what would start after its patience is skipped at once and never parked', async () => {
  await fixture.fetcher({ providers: [hosts] });
  const plan = patient({ patienceMs: 3_000 });
  const began = Date.now();
  await submitAll(plan, 60, 'crowded.test');
  const skipped = () => fixture.cellsOf(plan).filter(({ outcome }) => outcome === 'skipped');
  await eventually(
    () => skipped().length,
    (count) => count >= 40,
    3_000,
  );
  for (const { detail, until } of skipped()) {
    expect(detail).toBe('quota');
    expect(until! - began).toBeGreaterThan(3_000);
  }
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 60,
  );
  expect(outcomes(plan)['ok']).toBeGreaterThanOrEqual(12);
});

test('cancelled: no call starts two seconds later, those that wait are skipped(cancelled), others are not touched', async () => {
  await fixture.fetcher({ providers: [hosts] });
  const [plan, other] = [patient(), patient()];
  await submitAll(plan, 40, 'cancelled.test');
  await submitAll(other, 12, 'untouched.test');
  await eventually(parked, (rows) => rows > 20);
  await control(plan, 'cancelled');
  const at = Date.now();
  // Not in their turns, which would take six seconds more.
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 40,
    4_000,
  );
  expect(outcomes(plan)['skipped(cancelled)']).toBeGreaterThanOrEqual(15);
  await fixture.submit(plan, 99, 'cancelled.test', 'bulk');
  await eventually(
    () => fixture.cellsOf(other).length + fixture.cellsOf(plan).length,
    (cells) => cells === 12 + 41,
  );
  expect(fixture.cellsOf(plan).at(-1)).toMatchObject({ seq: 99, detail: 'cancelled' });
  expect(outcomes(other)).toEqual({ ok: 12 });
  const late = fixture.asked.filter((call) => call.unit.includes('cancelled') && call.at > at + 2_000);
  expect(late).toEqual([]);
  await eventually(parked, (rows) => rows === 0);
});

test('a cancel is known until deadline and grace have passed', async () => {
  const plan = patient({ dispatchedAt: Date.now() - 130_000 });
  await control(plan, 'cancelled');
  await fixture.database.query({
    text: `UPDATE submission SET cancelled_at = now() - interval '2 min' WHERE id = $1`,
    values: [plan.submission],
  });
  await fixture.fetcher({ providers: [hosts] });
  await fixture.submit(plan, 1, 'long-cancelled.test', 'bulk');
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 1,
  );
  expect(fixture.cellsOf(plan)[0]).toMatchObject({ outcome: 'skipped', detail: 'cancelled' });
});

test.each([
  ['hosts', hosts],
  ['whole', whole],
])('%s, paused: nothing is asked two seconds later, resumed, all goes on', async (id, provider) => {
  await fixture.fetcher({ providers: [provider] });
  const plan = patient({ asks: { [id]: 0 } });
  await submitAll(plan, 40, `paused-${id}.test`);
  await eventually(
    () => fixture.asked.length,
    (calls) => calls >= 5,
  );
  await control(plan, 'paused');
  const at = Date.now();
  await eventually(
    () => parked(''),
    (rows) => rows + fixture.cellsOf(plan).length === 40,
  );
  // Longer than any of them would have waited for a permit.
  await eventually(
    () => Date.now() - at,
    (passed) => passed > 4_000,
  );
  expect(fixture.asked.filter((call) => call.at > at + 2_000)).toEqual([]);
  await control(plan, 'running');
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 40,
  );
  expect(outcomes(plan)).toEqual({ ok: 40 });
  expect(fixture.asked).toHaveLength(40);
  await eventually(parked, (rows) => rows === 0);
});

test('what expires while it is parked is skipped(expired)', async () => {
  await fixture.fetcher({ providers: [hosts] });
  const plan = patient({ round1At: Date.now() + 5_000 });
  await control(plan, 'paused');
  // The fetcher knows of it by then.
  await fixture.submit(patient({ asks: { other: 0 } }), 0, 'x.test', 'bulk');
  await eventually(
    () => uncommitted('fetcher.hosts'),
    (open) => open === 0,
  );
  await submitAll(plan, 10, 'expired.test');
  await eventually(
    () => parked(''),
    (rows) => rows > 0,
  );
  await eventually(
    () => outcomes(plan)['skipped(expired)'] ?? 0,
    (cells) => cells > 0,
    6_000,
  );
  await eventually(
    () => fixture.cellsOf(plan).length,
    (cells) => cells === 10,
  );
  await eventually(parked, (rows) => rows === 0);
});

/** A fetcher in a process of its own, from the built code, so that it can be killed. */
const MEMBER = `
import { createLogger } from '@assay/telemetry';
import { createRegistry, questionKey } from '@assay/providers';
const [startFetcherUrl, given] = process.argv.slice(1);
const { startFetcher } = await import(startFetcherUrl);
const { httpPort, ...config } = JSON.parse(given);
const provider = { ...config.provider,
  limitKey: ({ unit }) => new URL(unit).host,
  request: ([{ unit }]) => [{ method: 'GET', url: 'http://sizes.test/' + unit }],
  parse: ([reply], [question]) => new Map([[questionKey(question), reply.status === 200
    ? { outcome: 'ok', numbers: { size: reply.body.length } }
    : { outcome: 'failed', class: 'network', message: 'x' }]]) };
await startFetcher({ ...config, registry: createRegistry([provider]), providers: [provider], keys: new Map(),
  lead: { httpPort, httpsPort: 1, resolve: async () => ['93.184.216.34'], ca: '' } },
  createLogger('member', 'silent'));
console.log('started');
`;

async function startMember() {
  const { brokers, databaseUrl, httpPort } = fixture;
  const startFetcher = pathToFileURL(join(import.meta.dirname, '../../dist/start-fetcher.js')).href;
  const config = {
    provider: hosts,
    httpPort,
    brokers,
    databaseUrl,
    sessionTimeoutMs: 6_000,
    poolSize: 4,
    bulkFlushMs: 20,
    parkedPerKey: 20_000,
    userAgent: 'Assay/test',
    limitsFactor: 1,
  };
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', MEMBER, startFetcher, JSON.stringify(config)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return child;
}

test('a member is killed while rows are parked: another finishes them, and asks only what was in flight again', async () => {
  const first = await startMember();
  const plan = patient();
  await submitAll(plan, 60, 'killed.test');
  await eventually(
    () => fixture.asked.length,
    (calls) => calls >= 15,
  );
  expect(await parked('killed.test')).toBeGreaterThan(20);
  const second = await startMember();
  first.kill('SIGKILL');
  await once(first, 'exit');
  try {
    await eventually(
      () => new Set(fixture.cellsOf(plan).map(({ seq }) => seq)).size,
      (rows) => rows === 60,
      60_000,
    );
    await eventually(parked, (rows) => rows === 0);
  } finally {
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
  expect(outcomes(plan)['ok']).toBe(fixture.cellsOf(plan).length);
  expect(fixture.asked.length - new Set(fixture.askedHosts).size).toBeLessThanOrEqual(1);
});

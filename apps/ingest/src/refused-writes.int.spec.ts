import { eventually, refuseWrites, type RefusedWrites } from '@assay/testing';
import { IngestFixture, post, urls } from './ingest.fixture.js';
import type { RunningIngest } from './start-ingest.js';

let fixture: IngestFixture;
let ingest: RunningIngest;
let refused: RefusedWrites | undefined;

beforeAll(async () => {
  fixture = await IngestFixture.start();
  ingest = await fixture.ingest();
});
afterAll(() => fixture?.stop());
afterEach(async () => {
  await refused?.end();
  refused = undefined;
});

const readiness = async () => {
  const response = await fetch(`${ingest.url}/health/ready`);
  const { parts } = (await response.json()) as { parts: Record<string, { ok: boolean; error?: string }> };
  return { status: response.status, parts };
};

async function expectRefused(lines: string[], words: RegExp): Promise<void> {
  const { status, problem, response } = await post(ingest, lines.join('\n'));
  expect([status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(problem.detail).toMatch(words);
}

test('a full disk refuses a list and keeps nothing of it; with room again it takes it, at once', async () => {
  const before = await fixture.kept();
  refused = await refuseWrites(fixture.database, 'submission_line');
  await expectRefused(urls(20), /^The disk of PostgreSQL is full; nothing was kept\. Send it again/);
  expect(await readiness()).toMatchObject({
    status: 503,
    parts: { postgres: { ok: false, error: 'the disk of PostgreSQL is full' }, kafka: { ok: true } },
  });
  expect(await fixture.kept()).toBe(before);
  await refused.end();
  refused = undefined;
  const { status, accepted } = await post(ingest, urls(20).join('\n'));
  expect(status).toBe(202);
  await fixture.dispatched(accepted.id, 20);
  await eventually(readiness, ({ status: ready }) => ready === 200);
});

test('a disk that fills in the middle of a long list refuses all of it', async () => {
  const before = await fixture.kept();
  refused = await refuseWrites(fixture.database, 'submission_line', { after: 2 });
  await expectRefused(urls(30_000, 100), /disk of PostgreSQL is full; nothing was kept/);
  expect(await refused.count()).toBeGreaterThan(0);
  expect(await fixture.kept()).toBe(before);
});

test.each([
  ['53300', /^PostgreSQL has no connection left; nothing was kept/],
  ['57014', /^PostgreSQL took too long; nothing was kept/],
  ['55P03', /^PostgreSQL took too long; nothing was kept/],
])('%s is no fault of ours either', async (sqlState, words) => {
  refused = await refuseWrites(fixture.database, 'submission_line', { sqlState });
  await expectRefused(urls(3), words);
});

test('a read-only server refuses lists and control, says so in its health, and all resumes by itself', async () => {
  const { accepted } = await post(ingest, urls(5).join('\n'));
  const before = await fixture.kept();
  // New sessions only, as after a failover: the old ones are cut.
  await setReadOnly('on');
  await cutOthers();
  // Of what was refused before, it may count as away already.
  await eventually(readiness, ({ parts }) => parts['postgres']!.error?.startsWith('read-only') === true);
  await expectRefused(urls(4), /PostgreSQL is (read-only|away or takes nothing).*nothing was kept/);
  const pause = await fetch(`${ingest.url}/v1/submissions/${accepted.id}/pause`, { method: 'POST' });
  expect([pause.status, pause.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await fixture.kept()).toBe(before);
  await setReadOnly('off');
  await cutOthers();
  await eventually(readiness, ({ status }) => status === 200);
  expect((await post(ingest, urls(4).join('\n'))).status).toBe(202);
  await fixture.dispatched(accepted.id, 5);
});

async function setReadOnly(on: 'on' | 'off'): Promise<void> {
  await fixture.database.transaction(async (client) => {
    await client.query('SET TRANSACTION READ WRITE');
    await client.query(`ALTER ROLE CURRENT_USER SET default_transaction_read_only = ${on}`);
  });
}

async function cutOthers(): Promise<void> {
  await fixture.database.query({
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND application_name LIKE 'assay-ingest%'`,
  });
}

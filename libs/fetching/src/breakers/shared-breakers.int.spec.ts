import { randomUUID } from 'node:crypto';
import { eventually } from '@assay/testing';
import type { AskRuntime } from '../runtime/ask-runtime.js';
import { answerAll, PUBLIC_ADDRESS } from '../runtime/runtime.fixture.js';
import type { RuntimeSettings } from '../runtime/runtime-settings.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import { createTransport } from '../transport/transport.js';
import { postgresBreakers } from './breaker-table.js';
import { SharedBreakers } from './shared-breakers.js';

const COOL_OFF_MS = 1_500;
const QUIET = { warn: () => undefined, error: () => undefined };
let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(async () => {
  await rig.reset();
  await rig.database.query({ text: 'TRUNCATE breaker' });
});
afterAll(() => rig.close());

/** Runtimes as in so many processes. */
function replicas(
  count: number,
  limits: { permits: number; perMs: number; of: 'calls' }[] = [],
  shared: Partial<RuntimeSettings> = {},
): AskRuntime[] {
  const breaker = { volume: 10, errorPercent: 50, coolOffMs: COOL_OFF_MS };
  return Array.from({ length: count }, () => {
    const breakers = new SharedBreakers(postgresBreakers(rig.database, randomUUID()), QUIET);
    return rig.start({ retries: 0, timeoutMs: 1_000, breaker, limits }, undefined, undefined, {
      breakers,
      ...shared,
    });
  });
}

/** Down, and when each call came. */
function failing(): number[] {
  const calls: number[] = [];
  rig.stub.answer = (_, response) => {
    calls.push(Date.now());
    response.writeHead(503, { connection: 'close' }).end();
  };
  return calls;
}

const ask = (runtime: AskRuntime, patienceMs = 60_000) =>
  runtime.ask(wish(rig.newUnit(), { lane: 'bulk', patienceMs, expiresAt: Date.now() + 60_000 }));
const openRows = async () =>
  (
    await rig.database.query<{ n: number }>({
      text: 'SELECT count(*)::int AS n FROM breaker WHERE open_until > now()',
    })
  ).rows[0]!.n;
const overRows = async () =>
  (
    await rig.database.query<{ n: number }>({
      text: "SELECT count(*)::int AS n FROM breaker WHERE open_until < now() - interval '1 second'",
    })
  ).rows[0]!.n;

test('one process finds the provider down: no other asks, one tries for all, and all go on', async () => {
  const all = replicas(5);
  rig.stub.answer = (_, response) => response.writeHead(503).end();
  await Promise.all(Array.from({ length: 10 }, () => ask(all[0]!)));
  await eventually(openRows, (open) => open === 1, 5_000);
  // Every process has heard of it once it refuses those without patience.
  await Promise.all(
    all.map((runtime) =>
      eventually(
        () => ask(runtime, 100),
        ({ detail }) => detail === 'provider_down',
        5_000,
      ),
    ),
  );
  const before = rig.stub.calls.length;
  const openedAt = Date.now();
  const waiting = all.flatMap((runtime) => Array.from({ length: 4 }, () => ask(runtime)));
  await eventually(
    () => rig.stub.calls.length,
    (calls) => calls >= before + 3,
    20_000,
  );
  const intervals = Math.ceil((Date.now() - openedAt) / COOL_OFF_MS);
  expect(rig.stub.calls.length - before).toBeLessThanOrEqual(intervals);
  rig.stub.answer = answerAll;
  const answers = await Promise.all(waiting);
  // Each probe in vain cost one row its answer: it says so.
  const failed = answers.filter(({ outcome }) => outcome === 'failed');
  expect(failed.length).toBeLessThanOrEqual(intervals);
  expect(answers.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20 - failed.length);
});

test('a try whose socket stands too late for its permit closes nothing: the same process tries once more', async () => {
  const resolve = async () => {
    const stands = Date.now() + 300;
    await eventually(Date.now, (at) => at >= stands);
    return [PUBLIC_ADDRESS];
  };
  const transport = createTransport({ lead: { httpPort: rig.stub.port, httpsPort: 1, resolve, ca: '' } });
  const [runtime] = replicas(1, [{ permits: 20, perMs: 1_000, of: 'calls' }], { transport });
  const calls = failing();
  const asked = Promise.allSettled(Array.from({ length: 40 }, () => ask(runtime!)));
  await eventually(
    () => rig.states.filter(({ state }) => state === 'open').length,
    (opened) => opened >= 4,
    20_000,
  );
  expect(rig.states.map(({ state }) => state)).not.toContain('closed');
  const openedAt = rig.states.find(({ state }) => state === 'open')!.at;
  // Calls that were on their way when it opened still arrive.
  const probes = calls.filter((at) => at > openedAt + COOL_OFF_MS / 2);
  expect(probes.length).toBeGreaterThanOrEqual(3);
  expect(probes.length).toBeLessThanOrEqual(Math.ceil((Date.now() - openedAt) / COOL_OFF_MS));
  await runtime!.stop();
  await asked;
  await transport.close();
});

/** Replicas that all know that its time is over, while nobody waits for the key. */
async function idleAtHalfOpen(): Promise<{ all: AskRuntime[]; calls: number[] }> {
  const all = replicas(5);
  const calls = failing();
  await Promise.all(Array.from({ length: 10 }, () => ask(all[0]!)));
  await eventually(openRows, (open) => open === 1, 5_000);
  for (const runtime of all)
    await eventually(
      () => ask(runtime, 100),
      ({ detail }) => detail === 'provider_down',
      5_000,
    );
  // Longer than any of them takes to hear of it.
  await eventually(
    () => overRows(),
    (over) => over === 1,
    10_000,
  );
  calls.length = 0;
  return { all, calls };
}

test('nobody has the right to try who has no call to make: of calls that come at once, one is let through', async () => {
  const { all, calls } = await idleAtHalfOpen();
  const { rows } = await rig.database.query({ text: 'SELECT probe_owner FROM breaker' });
  expect(rows).toEqual([{ probe_owner: null }]);
  const asked = all.flatMap((runtime) => Array.from({ length: 4 }, () => ask(runtime, 1_000)));
  const answers = await Promise.all(asked);
  expect(calls).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
});

test('what another says while its time is over is heard: nobody calls', async () => {
  const { all, calls } = await idleAtHalfOpen();
  await postgresBreakers(rig.database, randomUUID()).open('ranks', 'ranks', 60_000, 'spec');
  for (const runtime of all)
    expect(await ask(runtime, 1_500)).toMatchObject({ outcome: 'skipped', detail: 'provider_down' });
  expect(calls).toEqual([]);
});

test('an opening that the table did not take is told again: meanwhile nobody calls, and then one tries', async () => {
  const table = postgresBreakers(rig.database, randomUUID());
  let away = true;
  const refused: number[] = [];
  const open: typeof table.open = (...given) => {
    if (!away) return table.open(...given);
    refused.push(Date.now());
    return Promise.reject(new Error('away'));
  };
  const breakers = new SharedBreakers({ ...table, open }, QUIET);
  const [runtime] = replicas(1, [], { breakers });
  const calls = failing();
  await Promise.all(Array.from({ length: 10 }, () => ask(runtime!)));
  const before = calls.length;
  const asked = Promise.allSettled(Array.from({ length: 12 }, () => ask(runtime!)));
  await eventually(
    () => Date.now(),
    (at) => at > refused[0]! + COOL_OFF_MS + 1_500,
    10_000,
  );
  expect(calls).toHaveLength(before);
  expect(refused.length).toBeGreaterThan(3);
  away = false;
  const backAt = Date.now();
  await eventually(
    () => calls.length - before,
    (tries) => tries >= 2,
    10_000,
  );
  expect(calls.length - before).toBeLessThanOrEqual(Math.ceil((Date.now() - backAt) / COOL_OFF_MS));
  await runtime!.stop();
  await asked;
});

test('an opening whose time is over takes the right to try from nobody', async () => {
  const table = postgresBreakers(rig.database, randomUUID());
  const other = postgresBreakers(rig.database, randomUUID());
  await table.open('ranks', 'ranks', 0, 'spec');
  expect(await table.tryProbe('ranks', 'ranks', 60_000)).toEqual({ kind: 'granted' });
  await other.open('ranks', 'ranks', 0, 'spec');
  expect(await other.tryProbe('ranks', 'ranks', 60_000)).toMatchObject({ kind: 'wait' });
});

test('a process that dies while it tries is followed by another', async () => {
  const table = postgresBreakers(rig.database, randomUUID());
  const other = postgresBreakers(rig.database, randomUUID());
  await table.open('ranks', 'ranks', 0, 'spec');
  expect(await table.tryProbe('ranks', 'ranks', 300)).toEqual({ kind: 'granted' });
  expect(await other.tryProbe('ranks', 'ranks', 300)).toMatchObject({ kind: 'wait' });
  await eventually(
    () => other.tryProbe('ranks', 'ranks', 300),
    ({ kind }) => kind === 'granted',
    5_000,
  );
  await other.close('ranks', 'ranks');
  expect(await table.tryProbe('ranks', 'ranks', 300)).toEqual({ kind: 'closed' });
});

test('of ten that ask at once one may try', async () => {
  const tables = Array.from({ length: 10 }, () => postgresBreakers(rig.database, randomUUID()));
  await tables[0]!.open('ranks', 'ranks', 0, 'spec');
  const probes = await Promise.all(tables.map((table) => table.tryProbe('ranks', 'ranks', 5_000)));
  expect(probes.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
});

/**
 * CPU per call through the whole call runtime (fresh look-up, single flight, governor, breaker, HTTP,
 * parse, check, commit to PostgreSQL), and the latency of one idle call. The provider is a process of
 * its own that answers after 20 ms.
 *   node bench/dist/fetching.js [calls] [in flight]
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@assay/database';
import { startPostgres } from '@assay/embedded';
import {
  createAskRuntime,
  createTransport,
  PermitDesk,
  postgresAnswers,
  postgresPermits,
  shareAnswers,
  type AskRuntime,
} from '@assay/fetching';
import { questionKey, type Finding, type Provider, type ProviderReply } from '@assay/providers';

const LATENCY_MS = 20;

function serve(): void {
  const server = createServer((_, response) => {
    setTimeout(() => response.end('{"value":7,"canonical":"https://a.test/"}'), LATENCY_MS);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
}

function read(reply: ProviderReply): Finding {
  if (reply.kind !== 'reply') return { outcome: 'failed', class: 'network', message: reply.message };
  const { value } = JSON.parse(reply.body.toString()) as { value: number };
  return { outcome: 'ok', numbers: { value }, facts: { canonicalUrl: 'https://a.test/' } };
}

const provider: Provider = {
  id: 'bench',
  title: 'Bench',
  docs: 'bench/fetching.ts',
  version: 1,
  auth: { kind: 'none' },
  asks: [{ id: 'bench', surface: 'bench', round: 1, unit: 'url' }],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1_000_000, perMs: 1_000, of: 'calls' }],
  concurrency: 200,
  limitKey: () => 'bench',
  timeoutMs: 5_000,
  retries: 1,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 30_000 },
  ttlMs: { ok: 86_400_000, absent: 86_400_000 },
  metrics: [{ id: 'value', type: 'integer', unit: '', range: [0, 1_000], meaning: 'A number.' }],
  request: ([question]) => [
    { method: 'GET', url: `http://stub.example/one?url=${encodeURIComponent(question!.unit)}` },
  ],
  parse: ([reply], [question]) => new Map([[questionKey(question!), read(reply!)]]),
};

async function ask(runtime: AskRuntime, name: string): Promise<void> {
  const now = Date.now();
  const unit = `https://site-${name}.test/some/path?of=${name}`;
  const result = await runtime.ask({
    question: { surface: 'bench', unit },
    lane: 'bulk',
    expiresAt: now + 60_000,
    patienceMs: 60_000,
    dispatchedAt: now,
    submission: '01890000-0000-7000-8000-000000000001',
    gen: 0,
  });
  if (result.outcome !== 'ok') throw new Error(JSON.stringify(result));
}

async function run(
  runtime: AskRuntime,
  label: string,
  calls: number,
  inFlight: number,
  says = label,
): Promise<void> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < calls) await ask(runtime, `${label}-${next++}`);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      bench: 'fetching',
      label: says,
      calls,
      inFlight,
      callsPerSecond: Math.round(calls / seconds),
      cpuMicrosPerCall: Math.round((user + system) / calls),
    }),
  );
}

async function idle(runtime: AskRuntime, calls: number): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < calls; i++) {
    const began = performance.now();
    await ask(runtime, `idle-${i}`);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Number(times[Math.floor(share * times.length)]!.toFixed(1));
  console.log(JSON.stringify({ bench: 'fetching', label: 'idle', p50Ms: at(0.5), p99Ms: at(0.99) }));
}

async function main(): Promise<void> {
  const [calls, inFlight] = [Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 200)];
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const postgres = await startPostgres({ dataFolder });
  await migrate(postgres.url);
  const stub = fork(fileURLToPath(import.meta.url), ['serve']);
  const port = await new Promise<number>((resolve) => stub.once('message', (m) => resolve(m as number)));
  const database = await openDatabase({ url: postgres.url, poolSize: 4, applicationName: 'bench' });
  const lead = { httpPort: port, httpsPort: 1, resolve: () => Promise.resolve(['93.184.216.34']), ca: '' };
  const transport = createTransport({ lead });
  const start = () =>
    createAskRuntime({
      provider,
      transport,
      answers: shareAnswers(postgresAnswers(database, randomUUID())),
      permits: new PermitDesk(postgresPermits(database)),
      worker: randomUUID(),
      logger: console,
      userAgent: 'Assay/bench',
    });
  const runtime = start();
  const elsewhere = start();
  try {
    await idle(runtime, 100);
    await run(runtime, 'warm', calls / 4, inFlight);
    await run(runtime, 'whole', calls, inFlight);
    // The same units again: every answer is there.
    await run(runtime, 'whole', calls, inFlight, 'stored');
    // And in a process that has not seen them: from the database.
    await run(elsewhere, 'whole', calls, inFlight, 'stored elsewhere');
  } finally {
    await runtime.stop();
    await elsewhere.stop();
    await transport.close();
    await database.close();
    stub.kill();
    await postgres.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

if (process.argv[2] === 'serve') serve();
else await main();

// One upload of 1,000,000 lines into ingest as a process of its own: lines/s from the first byte to the
// 202, and its peak memory; rows/s dispatched with no limit on rows in flight. Single URLs one at a time,
// ms to the 202 that commits and claims them: while the long list is dispatched, and idle.
// Run: npx tsc -b && npx tsc -b bench && node bench/dist/ingest.js [lines] [text|json]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SubmissionAccepted } from '@assay/contracts';
import { migrate, openDatabase } from '@assay/database';
import { cacheFolder, freePort, rootFolder, startKafka, startPostgres } from '@assay/embedded';
import { createTopics } from '@assay/messaging';

const LINES = Number(process.argv[2] ?? 1_000_000);
const KIND = process.argv[3] === 'json' ? 'json' : 'text';
const SINGLES = 200;

const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const [kafka, postgres] = await Promise.all([
  startKafka({ cacheFolder: cacheFolder(process.env), dataFolder: join(dataFolder, 'kafka') }),
  startPostgres({ dataFolder: join(dataFolder, 'postgres') }),
]);
let ingest: ChildProcess | undefined;
try {
  await migrate(postgres.url);
  await createTopics({ brokers: kafka.brokers, partitions: 12 });
  const port = await freePort();
  ingest = await startIngest(port);
  const url = `http://127.0.0.1:${port}/v1/submissions`;
  const before = await peakMegabytes(ingest);
  const startedAt = performance.now();
  const accepted = await upload(url);
  const seconds = (performance.now() - startedAt) / 1_000;
  const peak = await peakMegabytes(ingest);
  const dispatchFrom = performance.now();
  const beside = await singles(url);
  await dispatched();
  const dispatchSeconds = (performance.now() - dispatchFrom) / 1_000;
  const idle = await singles(url);
  console.log(
    JSON.stringify({
      bench: 'ingest',
      kind: KIND,
      lines: LINES,
      seconds: round(seconds),
      linesPerSecond: Math.round(LINES / seconds),
      startedMegabytes: before,
      peakMegabytes: peak,
      accepted: accepted.counts.accepted,
      dispatchedPerSecond: Math.round(accepted.counts.accepted / dispatchSeconds),
      peakAfterDispatchMegabytes: await peakMegabytes(ingest),
      beside,
      idle,
    }),
  );
} finally {
  if (ingest) {
    ingest.kill('SIGTERM');
    await once(ingest, 'exit');
  }
  await Promise.all([kafka.stop(), postgres.stop()]);
  await rm(dataFolder, { recursive: true, force: true });
}

async function startIngest(port: number): Promise<ChildProcess> {
  const child = fork(join(rootFolder(), 'apps', 'ingest', 'dist', 'main.js'), [], {
    env: {
      ...process.env,
      KAFKA_BROKERS: kafka.brokers,
      DATABASE_URL: postgres.url,
      INGEST_PORT: String(port),
      IN_FLIGHT_ROWS: String(LINES),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    },
  });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    { type?: string },
  ];
  if (message?.type !== 'ready') throw new Error('ingest did not start');
  return child;
}

/** A site of 5 pages each; 2 % duplicates, 1 % bad lines. */
function line(n: number): string {
  if (n % 100 === 7) return `not a url ${n}`;
  const page = n % 50 === 3 ? n - 1 : n;
  return `https://www.site-${Math.floor(page / 5)}.example/section/${page % 97}/article-${page}?ref=list&n=${page}`;
}

function* body(): Generator<string> {
  const step = 1_000;
  const [open, between, close] = KIND === 'json' ? ['{"urls":[', ',', ']}'] : ['', '\n', '\n'];
  yield open;
  for (let from = 0; from < LINES; from += step) {
    const lines = Array.from({ length: Math.min(step, LINES - from) }, (_, at) => line(from + at));
    const texts = KIND === 'json' ? lines.map((text) => JSON.stringify(text)) : lines;
    yield (from > 0 ? between : '') + texts.join(between);
  }
  yield close;
}

function upload(url: string): Promise<SubmissionAccepted> {
  return new Promise((resolve, reject) => {
    const type = KIND === 'json' ? 'application/json' : 'text/plain';
    const outgoing = request(url, { method: 'POST', headers: { 'content-type': type } }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve(JSON.parse(text) as SubmissionAccepted));
    });
    outgoing.on('error', reject);
    pipeline(Readable.from(body()), outgoing).catch(reject);
  });
}

/** Resolves when no row is left to dispatch. */
async function dispatched(): Promise<void> {
  const database = await openDatabase({ url: postgres.url, poolSize: 1, applicationName: 'bench' });
  for (;;) {
    const open = await database.query({ text: 'SELECT 1 FROM submission WHERE dispatched < accepted' });
    if (open.rows.length === 0) break;
    await wait(100);
  }
  await database.close();
}

async function singles(url: string): Promise<{ p50Ms: number; p99Ms: number }> {
  const times: number[] = [];
  for (let n = 0; n < SINGLES; n++) {
    const startedAt = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ urls: [`https://single-${n}.example/`] }),
    });
    await response.text();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: round(times[SINGLES / 2]!), p99Ms: round(times[Math.floor(SINGLES * 0.99)]!) };
}

/** Highest resident size so far, as the kernel counts it. */
async function peakMegabytes(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1_024);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

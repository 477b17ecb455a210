// The plan of 1,000,000 lines on 200,000 hosts for all providers, ingest as a process of its own: seconds from the
// first byte of the upload to the plan, seconds of a plan alone while nothing and while a fifth of the pages and hosts
// is known already, and peak memory.
// Run: npx tsc -b && npx tsc -b bench && node bench/dist/plan.js [lines]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SubmissionPlan } from '@assay/contracts';
import { migrate, openDatabase } from '@assay/database';
import { cacheFolder, freePort, rootFolder, startKafka, startPostgres } from '@assay/embedded';
import { createTopics } from '@assay/messaging';
import { builtInProviders } from '@assay/providers';

const LINES = Number(process.argv[2] ?? 1_000_000);
const PER_HOST = 5;

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
  const address = `http://127.0.0.1:${port}/v1/submissions`;
  const startedMegabytes = await peakMegabytes(ingest);
  const whole = await timed(() => upload(`${address}?plan=only`));
  const uploadMegabytes = await peakMegabytes(ingest);
  const again = () =>
    fetch(`${address}/${whole.result.id}/plan`).then((answer) => answer.json() as Promise<SubmissionPlan>);
  const unknown = await timed(again);
  const known = await remember();
  const partly = await timed(again);
  console.log(
    JSON.stringify({
      bench: 'plan',
      lines: LINES,
      providers: unknown.result.providers.length,
      asks: unknown.result.providers.reduce((sum, { asks }) => sum + asks.length, 0),
      uploadAndPlanS: whole.seconds,
      planS: unknown.seconds,
      knownAnswers: known,
      planOfKnownS: partly.seconds,
      fresh: partly.result.providers.reduce(
        (sum, { asks }) => sum + asks.reduce((n, { fresh }) => n + fresh, 0),
        0,
      ),
      startedMegabytes,
      uploadMegabytes,
      peakMegabytes: await peakMegabytes(ingest),
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

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
}

async function startIngest(port: number): Promise<ChildProcess> {
  const keys = builtInProviders.flatMap(({ auth }) =>
    auth.kind === 'key' ? [[auth.env, 'sim-key:secret'] as const] : [],
  );
  const child = fork(join(rootFolder(), 'apps', 'ingest', 'dist', 'main.js'), [], {
    env: {
      ...process.env,
      ...Object.fromEntries(keys),
      KAFKA_BROKERS: kafka.brokers,
      DATABASE_URL: postgres.url,
      INGEST_PORT: String(port),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    },
  });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    { type?: string },
  ];
  if (message?.type !== 'ready') throw new Error('ingest did not start');
  return child;
}

function urlOf(n: number): string {
  return `https://www.site-${Math.floor(n / PER_HOST)}.example/section/${n % 97}/article-${n}?ref=list&n=${n}`;
}

function* body(): Generator<string> {
  const step = 1_000;
  for (let from = 0; from < LINES; from += step)
    yield `${Array.from({ length: Math.min(step, LINES - from) }, (_, at) => urlOf(from + at)).join('\n')}\n`;
}

function upload(url: string): Promise<SubmissionPlan> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', headers: { 'content-type': 'text/plain' } },
      (response) => {
        response.setEncoding('utf8');
        let text = '';
        response
          .on('data', (chunk: string) => (text += chunk))
          .on('end', () => resolve(JSON.parse(text) as SubmissionPlan));
      },
    );
    outgoing.on('error', reject);
    pipeline(Readable.from(body()), outgoing).catch(reject);
  });
}

/** A fifth of the list has answers from page, dns and moz. */
async function remember(): Promise<number> {
  const database = await openDatabase({ url: postgres.url, poolSize: 1, applicationName: 'bench' });
  const written = await database.query({
    text: `WITH given AS (
        SELECT DISTINCT ON (surface, unit) surface, unit, uuidv7() AS id,
          encode(substring(sha256(convert_to(surface || '|1|' || unit || '|', 'UTF8')) FROM 1 FOR 16), 'hex')::uuid AS key
        FROM submission_line, LATERAL (VALUES ('page', url), ('dns', host), ('moz.url', url)) v (surface, unit)
        WHERE seq <= $1
      ), answers AS (
        INSERT INTO answer (id, key, surface, version, unit, outcome, fetched_at, expires_at)
        SELECT id, key, surface, 1, unit, 'absent', now(), now() + interval '1 day' FROM given
      )
      INSERT INTO fresh_answer (key, answer, fetched_at, expires_at)
      SELECT key, id, now(), now() + interval '1 day' FROM given`,
    values: [LINES / 5],
  });
  await database.close();
  return written.rowCount ?? 0;
}

/** Highest resident size so far, as the kernel counts it. */
async function peakMegabytes(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1_024);
}

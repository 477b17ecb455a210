/**
 * The pipeline's work as BullMQ flows: a job per call, and a row job that joins. The row job waits for its
 * four round-one calls, adds the two of round two with what the first found, waits for them and writes a
 * PostgreSQL row. node:http with keep-alive; Redis without persistence, the fastest way it runs.
 *
 * Environment: REDIS_PORT, DATABASE_URL, STUB_PORT, URLS (JSON file), CONCURRENCY.
 * Prints one JSON line: {"urlsPerSecond":…,"cpuSeconds":…,"peakMb":…}
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { FlowProducer, Queue, WaitingChildrenError, Worker } from 'bullmq';
import pg from 'pg';

const connection = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT) };
const urls = JSON.parse(readFileSync(process.env.URLS, 'utf8'));
const concurrency = Number(process.env.CONCURRENCY);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1_000 });
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const ROUND_ONE = ['one-a', 'one-b', 'one-c', 'one-d'];
const ROUND_TWO = ['two-a', 'two-b'];
const tidy = { removeOnComplete: true, removeOnFail: true, attempts: 2 };

function call(ask, url) {
  const path = `/${ask}?url=${encodeURIComponent(url)}`;
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: '127.0.0.1', port: process.env.STUB_PORT, path, agent, timeout: 5_000 },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (body += part));
        response.on('end', () => resolve(JSON.parse(body)));
      },
    );
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
  });
}

await pool.query(
  'CREATE TABLE IF NOT EXISTS peer_row (id int PRIMARY KEY, url text NOT NULL, cells json NOT NULL)',
);
await pool.query('TRUNCATE peer_row');
const flows = new FlowProducer({ connection });
const calls = new Queue('calls', { connection });
let written = 0;
let wanted = 0;
let finished;

const callWorker = new Worker('calls', (job) => call(job.data.ask, job.data.url), {
  connection,
  concurrency,
});

const rowWorker = new Worker(
  'rows',
  async (job, token) => {
    if (job.data.step !== 2) {
      const first = Object.values(await job.getChildrenValues());
      const canonical = first[0].canonical;
      await calls.addBulk(
        ROUND_TWO.map((ask) => ({
          name: ask,
          data: { ask, url: canonical },
          opts: { ...tidy, parent: { id: job.id, queue: job.queueQualifiedName } },
        })),
      );
      await job.updateData({ ...job.data, step: 2 });
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
    }
    const cells = await job.getChildrenValues();
    await pool.query(
      'INSERT INTO peer_row VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET cells = excluded.cells',
      [job.data.seq, job.data.url, JSON.stringify(Object.values(cells))],
    );
    if (++written === wanted) finished();
  },
  { connection, concurrency },
);
for (const worker of [callWorker, rowWorker]) worker.on('error', (error) => console.error(error.message));
await Promise.all([callWorker.waitUntilReady(), rowWorker.waitUntilReady()]);

async function runAll(list, offset) {
  written = 0;
  wanted = list.length;
  const done = new Promise((resolve) => (finished = resolve));
  for (let at = 0; at < list.length; at += 500) {
    await flows.addBulk(
      list.slice(at, at + 500).map((url, i) => ({
        name: 'row',
        queueName: 'rows',
        data: { seq: offset + at + i, url },
        opts: tidy,
        children: ROUND_ONE.map((ask) => ({ name: ask, queueName: 'calls', data: { ask, url }, opts: tidy })),
      })),
    );
  }
  await done;
}

// Warm, as the services it is compared with are.
await runAll(
  urls.slice(0, 2_000).map((url) => `${url}&warm=1`),
  urls.length,
);
await fetch(`http://127.0.0.1:${process.env.STUB_PORT}/-/reset`, { method: 'POST' });
const started = performance.now();
await runAll(urls, 0);
const seconds = (performance.now() - started) / 1000;
const usage = process.resourceUsage();
console.log(
  JSON.stringify({
    urlsPerSecond: Math.round(urls.length / seconds),
    cpuSeconds: Number(((usage.userCPUTime + usage.systemCPUTime) / 1e6).toFixed(1)),
    peakMb: Math.round(usage.maxRSS / 1024),
  }),
);
process.exit(0);

/**
 * npm run bench:memory [-- --urls 100000 --minutes 6]
 *
 * Resident memory of every process while a long list goes through, six single-call asks of 20 ms without hard limits, and
 * how full the queues were at most. Level is what it must be: the last third of the run against the one before it.
 * Linux only; the last line is JSON.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startBenchSystem, startStub, type BenchSystem } from './pipeline/bench-system.js';
import { finalRows, median, submit } from './pipeline/measure.js';
import { benchUrls } from './pipeline/urls.js';

const { values: options } = parseArgs({
  options: {
    urls: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '6' },
    fetchers: { type: 'string', default: 'one-a,one-b,two-a;one-c,one-d,two-b' },
  },
});
const count = Number(options.urls);
const LOOK_EVERY_MS = 2_000;
const OURS = /^(ingest|fetcher|joiner|store|query)/;

/** By the hour: on a busy machine permits that are good for a moment are lost, and nothing goes through. */
const HOUR = [{ permits: 100_000_000, perMs: 3_600_000, of: 'calls' }];

function wideLimits(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'assay-memory-')), 'settings.json');
  const ids = options.fetchers.split(/[;,]/);
  writeFileSync(file, JSON.stringify(Object.fromEntries(ids.map((id) => [id, { limits: HOUR }]))));
  return file;
}

interface Queue {
  readonly service: string;
  readonly queue: string;
  readonly lane: string;
  readonly fill: number;
  readonly bound: number;
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

async function queuesOf(pool: pg.Pool): Promise<Queue[]> {
  const { rows } = await pool.query<Queue>(
    `SELECT service, q.* FROM service_pulse,
       json_to_recordset(queues) AS q(queue text, lane text, fill float8, bound float8)`,
  );
  return rows;
}

/** Samples until all rows are final or the time is up. */
async function watch(bench: BenchSystem, pool: pg.Pool, id: string) {
  const until = performance.now() + Number(options.minutes) * 60_000;
  const resident: Record<string, number[]> = {};
  const fullest = new Map<string, Queue>();
  let final = 0;
  while (final < count && performance.now() < until) {
    for (const [name, pid] of Object.entries(bench.pids()))
      if (OURS.test(name)) (resident[name] ??= []).push(residentMb(pid));
    for (const queue of await queuesOf(pool)) {
      const name = `${queue.service} ${queue.queue} ${queue.lane}`;
      if (queue.fill >= (fullest.get(name)?.fill ?? 1)) fullest.set(name, queue);
    }
    final = await finalRows(pool, id);
    console.error(
      `${final} final; ${Object.entries(resident)
        .map(([name, mb]) => `${name} ${mb.at(-1)}`)
        .join(', ')}`,
    );
    await pause(LOOK_EVERY_MS);
  }
  return { resident, fullest, final };
}

function trend(mb: readonly number[]) {
  const third = Math.max(1, Math.floor(mb.length / 3));
  const [middle, last] = [mb.slice(-2 * third, -third), mb.slice(-third)];
  return { firstMb: mb[0], middleMb: median(middle), lastMb: median(last), mostMb: Math.max(...mb) };
}

async function run(bench: BenchSystem, pool: pg.Pool): Promise<Record<string, unknown>> {
  const started = performance.now();
  const id = await submit(bench.system.address, benchUrls(count, count / 5));
  const { resident, fullest, final } = await watch(bench, pool, id);
  const share = ({ fill, bound }: Queue) => fill / bound;
  const queues = [...fullest].sort(([, a], [, b]) => share(b) - share(a));
  for (const [name, { fill, bound }] of queues.slice(0, 20)) console.error(`${name}: ${fill} of ${bound}`);
  return {
    bench: 'memory',
    urls: count,
    final,
    seconds: Math.round((performance.now() - started) / 1_000),
    processes: Object.fromEntries(Object.entries(resident).map(([name, mb]) => [name, trend(mb)])),
    overBound: queues.filter(([, queue]) => share(queue) > 1).map(([name]) => name),
  };
}

process.env['PROVIDER_SETTINGS'] = wideLimits();
const stub = await startStub();
try {
  const bench = await startBenchSystem(
    stub.port,
    options.fetchers.split(';').map((group) => group.split(',')),
  );
  const pool = new pg.Pool({ connectionString: bench.system.databaseUrl, max: 2 });
  try {
    console.log(JSON.stringify(await run(bench, pool)));
  } finally {
    await pool.end();
    await bench.stop();
  }
} finally {
  stub.child.kill();
}

/**
 * npm run bench [-- --urls 10000 --runs 3 --idle 200 --peer bullmq]
 *
 * URLs a second from submit to the last final row, six single-call asks (4 + 2) of 20 ms, and one idle
 * URL's latency. With a peer the two alternate, medians of the runs. The last line is JSON.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startBenchSystem, startStub, type BenchSystem } from './bench-system.js';
import { measureIdle, measureThroughput, median, quantile } from './measure.js';
import { PEER_CONCURRENCIES, runBullmq } from './peer.js';
import { benchUrls } from './urls.js';

const { values: options } = parseArgs({
  options: {
    urls: { type: 'string', default: '10000' },
    domains: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '3' },
    idle: { type: 'string', default: '200' },
    peer: { type: 'string' },
    fetchers: { type: 'string', default: 'one-a,one-b,two-a;one-c,one-d,two-b' },
  },
});
const count = Number(options.urls);
const fetchers = options.fetchers.split(';').map((group) => group.split(','));

/** Fresh URLs for each run: the cache is on, and empty for them. */
function urlsOfRun(run: string): string[] {
  return benchUrls(count, Number(options.domains)).map((url) => `${url}&run=${run}`);
}

async function stubCalls(port: number): Promise<number> {
  const counts = (await (await fetch(`http://127.0.0.1:${port}/-/counts`)).json()) as { calls: number };
  await fetch(`http://127.0.0.1:${port}/-/reset`, { method: 'POST' });
  return counts.calls;
}

async function measureOurs(stubPort: number, run: number): Promise<{ rate: number; idle: number[] }> {
  const bench: BenchSystem = await startBenchSystem(stubPort, fetchers);
  const pool = new pg.Pool({ connectionString: bench.system.databaseUrl, max: 2 });
  try {
    await measureThroughput(bench.system.address, pool, urlsOfRun(`warm-${run}`).slice(0, 2_000), {});
    await stubCalls(stubPort);
    const result = await measureThroughput(bench.system.address, pool, urlsOfRun(`${run}`), bench.pids());
    console.error(`assay: ${JSON.stringify({ ...result, calls: await stubCalls(stubPort) })}`);
    const idleUrls = benchUrls(Number(options.idle), 50).map((url) => `${url}&idle=${run}`);
    return { rate: result.urlsPerSecond, idle: await measureIdle(bench.system.address, pool, idleUrls) };
  } finally {
    await pool.end();
    await bench.stop();
  }
}

async function measurePeer(stubPort: number, run: number): Promise<number> {
  const rates: number[] = [];
  for (const concurrency of PEER_CONCURRENCIES) {
    await stubCalls(stubPort);
    rates.push(await runBullmq(urlsOfRun(`peer-${run}-${concurrency}`), stubPort, concurrency));
    console.error(`  calls counted by the stub: ${await stubCalls(stubPort)}`);
  }
  return Math.max(...rates);
}

const stub = await startStub();
try {
  const ours: number[] = [];
  const peers: number[] = [];
  const idle: number[] = [];
  for (let run = 0; run < Number(options.runs); run++) {
    const measured = await measureOurs(stub.port, run);
    ours.push(measured.rate);
    idle.push(...measured.idle);
    if (options.peer === 'bullmq') peers.push(await measurePeer(stub.port, run));
  }
  idle.sort((a, b) => a - b);
  const urlsPerSecond = median(ours);
  const peerUrlsPerSecond = peers.length > 0 ? median(peers) : null;
  console.log(
    JSON.stringify({
      bench: 'pipeline',
      urls: count,
      urlsPerSecond,
      idleP50Ms: idle.length > 0 ? quantile(idle, 0.5) : null,
      idleP99Ms: idle.length > 0 ? quantile(idle, 0.99) : null,
      peer: options.peer ?? null,
      peerUrlsPerSecond,
      ratio: peerUrlsPerSecond === null ? null : Math.round((urlsPerSecond / peerUrlsPerSecond) * 100) / 100,
    }),
  );
} finally {
  stub.child.kill();
}

/**
 * Answers that the simulator gives for a second of CPU, in a process of its own, over http with kept connections: a
 * rota of formats, without latency and limits.
 *   npm run bench:simulator
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Load {
  readonly requests: { readonly total: number };
  readonly '2xx': number;
}

/** It has no types of its own. */
const autocannon = createRequire(import.meta.url)('autocannon') as (options: object) => Promise<Load>;

const SECONDS = 8;
const DOMAINS = 500;

interface Wanted {
  readonly host: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
}

const domain = (at: number) => `ordinary-${at % DOMAINS}.com`;
const ROTA: readonly ((at: number) => Wanted)[] = [
  (at) => ({ host: 'dns.google', path: `/resolve?name=${domain(at)}&type=A` }),
  (at) => ({ host: 'tranco-list.eu', path: `/api/ranks/domain/${domain(at)}` }),
  (at) => ({
    host: 'api.cloudflare.com',
    path: `/client/v4/radar/ranking/domain/${domain(at)}?rankingType=POPULAR`,
    headers: { authorization: 'Bearer sim-a' },
  }),
  (at) => ({ host: 'hn.algolia.com', path: `/api/v1/search?query=${domain(at)}%2F` }),
  (at) => ({
    host: 'web.archive.org',
    path: `/cdx/search/cdx?url=${domain(at)}&output=json&collapse=timestamp:6`,
  }),
  (at) => ({
    host: 'www.virustotal.com',
    path: `/api/v3/domains/${domain(at)}`,
    headers: { 'x-apikey': 'sim-a' },
  }),
  (at) => ({ host: 'api.sharedcount.com', path: `/v1.1/?url=https%3A%2F%2F${domain(at)}%2F&apikey=sim-a` }),
  (at) => ({ host: `www.${domain(at)}`, path: '/' }),
];

async function serve(): Promise<void> {
  const { startSimulator } = await import('../../apps/simulator/dist/start-simulator.js' as string);
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const ports = { httpPort: 0, httpsPort: 0, dnsPort: 0, controlPort: 0 };
  const latency = { minMs: 0, maxMs: 0 };
  const running = await startSimulator({
    ...ports,
    limitsFactor: 1e9,
    caFile: join(folder, 'ca.pem'),
    latency,
  });
  process.on('message', (word) => {
    if (word === 'cpu') process.send!(process.cpuUsage());
    else void rm(folder, { recursive: true, force: true }).then(() => process.exit(0));
  });
  process.send!(running.httpPort);
}

async function measure(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (word) => resolve(word as T)));
  const port = await next<number>();
  const cpu = async () => {
    child.send('cpu');
    const { user, system } = await next<NodeJS.CpuUsage>();
    return (user + system) / 1e6;
  };
  const requests = Array.from({ length: 4_000 }, (_, at) => {
    const { host, path, headers } = ROTA[at % ROTA.length]!(at);
    return { path, headers: { host, 'user-agent': 'bench', ...headers } };
  });
  const before = await cpu();
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: 32,
    duration: SECONDS,
    requests,
  });
  const spent = (await cpu()) - before;
  child.send('stop');
  const answers = result.requests.total;
  const good = Math.round((100 * result['2xx']) / Math.max(1, answers));
  const perCoreSecond = Math.round(answers / spent);
  process.stdout.write(`${answers} answers (${good} % 2xx) in ${spent.toFixed(1)} s of CPU\n`);
  process.stdout.write(
    `${JSON.stringify({ bench: 'simulator', answersPerCoreSecond: perCoreSecond, goal: 5_000 })}\n`,
  );
}

await (process.argv[2] === 'serve' ? serve() : measure());

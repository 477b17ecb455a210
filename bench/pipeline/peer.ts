import { freePort, rootFolder, startPostgres, cacheFolder } from '@assay/embedded';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const PEER_CONCURRENCIES = [100, 250, 500];

/** The same URLs through BullMQ flows, on a Redis and a PostgreSQL of its own. URLs a second. */
export async function runBullmq(
  urls: readonly string[],
  stubPort: number,
  concurrency: number,
): Promise<number> {
  const folder = join(rootFolder(), 'bench', 'peers', 'bullmq');
  if (!existsSync(join(folder, 'node_modules'))) {
    await run('npm', ['ci', '--workspaces=false', '--no-audit', '--no-fund'], { cwd: folder });
  }
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-peer-'));
  const postgres = await startPostgres({ dataFolder, cacheFolder: cacheFolder(process.env), durable: true });
  const redisPort = await freePort();
  const redis = spawn('redis-server', ['--port', String(redisPort), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  redis.on('error', () => undefined);
  try {
    await pause(500);
    if (redis.pid === undefined) throw new Error('redis-server is missing: apt-get install redis-server');
    await writeFile(join(dataFolder, 'urls.json'), JSON.stringify(urls));
    const { stdout } = await run('node', [join(folder, 'run.mjs')], {
      env: {
        ...process.env,
        REDIS_PORT: String(redisPort),
        DATABASE_URL: postgres.url,
        STUB_PORT: String(stubPort),
        URLS: join(dataFolder, 'urls.json'),
        CONCURRENCY: String(concurrency),
      },
    });
    console.error(`bullmq, concurrency ${concurrency}: ${stdout.trim()}`);
    return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { urlsPerSecond: number }).urlsPerSecond;
  } finally {
    redis.kill();
    await postgres.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

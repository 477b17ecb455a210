import { spawn } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endOf, endProcess } from './end-process.js';
import { cacheFolder } from './folders.js';
import { freePort } from './free-port.js';
import { keep } from './keeper.js';
import { waitUntilLeftOverIsGone } from './left-over.js';
import { postgresBinaries } from './postgres-binaries.js';
import { postgresHome } from './postgres-home.js';
import { EMBEDDED_NAME, makeCluster } from './postgres-template.js';
import { postgresUser } from './postgres-user.js';
import { waitUntilReady } from './wait-for.js';

const STOP_WITHIN_MS = 4_000;

export interface PostgresSettings {
  readonly dataFolder: string;
  /** Where a prepared cluster is kept between runs. Default: `.cache` of the checkout. */
  readonly cacheFolder?: string;
  /** 0: a free one. */
  readonly port?: number;
  /** false: no fsync. Survives `kill -9`, not a power cut: for tests. */
  readonly durable?: boolean;
}

export interface RunningPostgres {
  readonly url: string;
  readonly pid: number;
  /** Said where the data does not lie in the folder asked for, and why. */
  readonly note?: string;
  /** Resolves when the process is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server, by SIGKILL where `withinMs` do not suffice; resolves when the process is gone. */
  stop(withinMs?: number): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the binaries that npm ships, with one empty database. As root it runs
 * under the user `postgres`. The same folder may be started again after any end, `kill -9` included.
 * @throws MissingPartError where binaries, user or folder cannot be had
 */
export async function startPostgres(settings: PostgresSettings): Promise<RunningPostgres> {
  const cache = settings.cacheFolder ?? cacheFolder();
  const user = await postgresUser();
  const binaries = await postgresBinaries(cache, user);
  const home = await postgresHome(settings.dataFolder, user);
  const cluster = join(home.folder, 'cluster');
  const pidFile = join(cluster, 'postmaster.pid');
  await makeCluster(cluster, cache, binaries, user);
  await waitUntilLeftOverIsGone('PostgreSQL', pidFile, cluster);
  const port = settings.port || (await freePort());
  const log = join(home.folder, 'postgres.log');
  const file = await open(log, 'a');
  const child = spawn(binaries.postgres, ['-D', cluster, ...flags(port, settings.durable ?? true)], {
    ...user,
    // A session of its own: Ctrl-C ends the services first, the server after them.
    detached: true,
    cwd: '/',
    stdio: ['ignore', file.fd, file.fd],
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
  });
  await file.close();
  keep(child, 'INT');
  await waitUntilReady('PostgreSQL', child, log, () => acceptsConnections(pidFile, child.pid));
  return {
    url: `postgres://${EMBEDDED_NAME}:${EMBEDDED_NAME}@127.0.0.1:${port}/${EMBEDDED_NAME}`,
    pid: child.pid!,
    ended: endOf(child),
    ...(home.reason === undefined ? {} : { note: home.reason }),
    // SIGINT is the fast shutdown: open connections are cut, nothing committed is lost.
    stop: (withinMs = STOP_WITHIN_MS) => endProcess(child, 'SIGINT', withinMs),
  };
}

/** Makes the cluster that later ones are copies of: what a first start would do, without starting. */
export async function preparePostgres(cache: string): Promise<void> {
  const user = await postgresUser();
  const binaries = await postgresBinaries(cache, user);
  const home = await postgresHome(join(cache, 'postgres'), user);
  const first = join(home.folder, `first-${process.pid}`);
  await makeCluster(first, cache, binaries, user);
  await rm(first, { recursive: true, force: true });
}

function flags(port: number, durable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    // Of a solid-state disk; the default of 4 is of a spinning one.
    random_page_cost: 1.1,
    // Compiling costs more than any statement of ours takes.
    jit: 'off',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: 'on',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** postmaster.pid names the process; its last line turns to `ready` once the server takes connections. */
async function acceptsConnections(pidFile: string, pid: number | undefined): Promise<boolean> {
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

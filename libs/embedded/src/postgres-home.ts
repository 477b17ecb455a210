import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MissingPartError } from './missing-part.js';
import type { PostgresUser } from './postgres-user.js';

/** Survives a restart of the machine, other than /tmp. */
const FALLBACK = '/var/tmp';

export interface PostgresHome {
  /** Exists, and PostgreSQL's user can reach it. */
  readonly folder: string;
  /** Why it is not the folder that was asked for; undefined where it is. */
  readonly reason?: string;
}

/**
 * The folder itself where PostgreSQL's user can reach it; else, as under /root, one of its own below
 * /var/tmp, the same each time.
 */
export async function postgresHome(wanted: string, user: PostgresUser): Promise<PostgresHome> {
  await mkdir(wanted, { recursive: true });
  if (!user) return { folder: wanted };
  const barred = await firstBarred(wanted, user);
  if (barred === undefined) return { folder: wanted };
  if (barred === wanted && (await opened(wanted))) return { folder: wanted };
  const folder = join(FALLBACK, fallbackName(wanted));
  await makeOwn(folder);
  return {
    folder,
    reason: `the user postgres may not enter ${barred}, so PostgreSQL keeps its data in ${folder}`,
  };
}

/** Where `postgresHome` would lead, had it to fall back. Lets a launcher drop what a demo left. */
export function fallbackFolder(wanted: string): string {
  return join(FALLBACK, fallbackName(wanted));
}

function fallbackName(wanted: string): string {
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return `assay-${basename(wanted).replace(/[^\w-]/g, '')}-${hash}`;
}

/** The topmost folder on the way that `user` may not search; undefined when all let him pass. */
export async function firstBarred(
  folder: string,
  user: { uid: number; gid: number },
): Promise<string | undefined> {
  const way = [folder];
  while (dirname(way[0]!) !== way[0]) way.unshift(dirname(way[0]!));
  for (const step of way) {
    const { mode, uid, gid } = await stat(step);
    const search = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & search) === 0) return step;
  }
  return undefined;
}

/** A folder of our own (mkdtemp makes them 0700) is opened for passing through, not for listing. */
async function opened(folder: string): Promise<boolean> {
  const { mode, uid } = await stat(folder);
  if (uid !== process.getuid?.()) return false;
  await chmod(folder, (mode & 0o777) | 0o011);
  return true;
}

/** /var/tmp is everybody's: a folder or link that somebody else put there is not used. */
async function makeOwn(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o711 }).catch(() => undefined);
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === process.getuid?.()) return;
  throw new MissingPartError(
    `${folder} belongs to somebody else: remove it, or set DATABASE_URL to a PostgreSQL of yours.`,
  );
}

import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
  let barred = await firstBarred(wanted, user);
  while (barred !== undefined && (barred === wanted || isTemporary(barred)) && (await opened(barred)))
    barred = await firstBarred(wanted, user);
  if (barred === undefined) return { folder: wanted };
  const folder = join(FALLBACK, fallbackName(wanted));
  await makeOwn(folder);
  return {
    folder,
    reason: `the user postgres may not enter ${barred}, so PostgreSQL keeps its data in ${folder}`,
  };
}

/** Drops the data of a server that has ended, wherever it lies. */
export async function dropPostgres(wanted: string): Promise<void> {
  for (const folder of [wanted, join(FALLBACK, fallbackName(wanted))])
    await rm(folder, { recursive: true, force: true });
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

/** Made by mkdtemp, for a test or a bench: opening it harms nobody, as opening a home folder would. */
function isTemporary(folder: string): boolean {
  return folder.startsWith(join(tmpdir(), '/'));
}

/** A folder of our own (mkdtemp makes them 0700) is opened for passing through, not for listing. */
async function opened(folder: string): Promise<boolean> {
  const { mode, uid } = await stat(folder);
  if (uid !== process.getuid?.() || (mode & 0o011) === 0o011) return false;
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

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingPartError } from './missing-part.js';

const run = promisify(execFile);

/** Whom PostgreSQL runs as: undefined for ourselves. */
export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root. As root it runs as the user `postgres`, who is made where there
 * is none; everybody else runs it as himself.
 * @throws MissingPartError where the user can be neither found nor made
 */
export async function postgresUser(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return undefined;
  return (await lookUp()) ?? (await makeUser());
}

async function lookUp(): Promise<PostgresUser> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function makeUser(): Promise<PostgresUser> {
  const made = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
  // Two starts at once: one makes the user, the other finds it.
  await run('useradd', made).catch(() => undefined);
  const user = await lookUp();
  if (user) return user;
  throw new MissingPartError(
    'PostgreSQL does not run as root and the user postgres could not be made: install useradd (Debian: apt-get install passwd), run as an ordinary user, or set DATABASE_URL to a server of yours.',
  );
}

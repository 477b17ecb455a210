import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createAuthority, isUsable, type AuthorityPem } from './certificates.js';

/**
 * The authority whose certificate lies at `path`, its key beside it at `<path>.key` (mode 0600). Kept
 * between starts: a simulator that is restarted must be trusted by fetchers that read the file before.
 */
export async function authorityAt(path: string, now: number): Promise<AuthorityPem> {
  const known = await readAuthority(path);
  if (known && isUsable(known, now)) return known;
  const fresh = await createAuthority(now);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(`${path}.key`, fresh.key);
  await writeWhole(path, fresh.certificate);
  return fresh;
}

async function readAuthority(path: string): Promise<AuthorityPem | undefined> {
  try {
    const [certificate, key] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.key`, 'utf8')]);
    return { certificate, key };
  } catch {
    return undefined;
  }
}

/** Readers see the old file or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: path.endsWith('.key') ? 0o600 : 0o644 });
  await rename(draft, path);
}

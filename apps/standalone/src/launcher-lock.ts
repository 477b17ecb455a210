import { MissingPartError } from '@assay/embedded';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Two launchers on one folder would fight over it. Claims it for this process; resolves to what gives
 * it back. A claim whose process is gone, or is no launcher any more, does not count.
 * @throws MissingPartError where another one runs
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'launcher.pid');
  const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (holder > 0 && holder !== process.pid && isLauncher(holder))
    throw new MissingPartError(
      `Assay already runs on ${folder} as process ${holder}: end that one first, or name another folder by ASSAY_DATA.`,
    );
  await writeFile(file, `${process.pid}\n`);
  return () => rm(file, { force: true });
}

function isLauncher(pid: number): boolean {
  try {
    return /launch\.mjs|standalone/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

import { MissingPartError } from '@assay/embedded';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'launcher.pid';

/**
 * Two launchers on one folder would fight over it. Claims it for this process; resolves to what gives
 * it back. A claim whose process is gone, or is no launcher any more, does not count.
 * @throws MissingPartError where another one runs
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, FILE);
  const holder = await holderOf(folder);
  if (holder > 0 && holder !== process.pid && isLauncher(holder))
    throw new MissingPartError(
      `Assay already runs on ${folder} as process ${holder}: end that one first, or name another folder by ASSAY_DATA.`,
    );
  await writeFile(file, `${process.pid}\n`);
  return () => rm(file, { force: true });
}

/** True where a launcher runs on the folder. */
export async function isClaimed(folder: string): Promise<boolean> {
  const holder = await holderOf(folder);
  return holder > 0 && isLauncher(holder);
}

async function holderOf(folder: string): Promise<number> {
  return Number(await readFile(join(folder, FILE), 'utf8').catch(() => '0'));
}

function isLauncher(pid: number): boolean {
  try {
    return /launch\.mjs|standalone/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

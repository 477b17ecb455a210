import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { MissingPartError } from './missing-part.js';

const GONE_WITHIN_MS = 12_000;

/**
 * A launcher that was killed leaves its parts a few seconds to end. Waits until the process of
 * `pidFile` is gone; a pid that the system gave to something else does not count.
 */
export async function waitUntilLeftOverIsGone(part: string, pidFile: string, folder: string): Promise<void> {
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return;
  const deadline = Date.now() + GONE_WITHIN_MS;
  while (await runsOn(pid, folder)) {
    if (Date.now() > deadline)
      throw new MissingPartError(
        `${part} already runs on ${folder} as process ${pid}: end that one first, or name another folder by ASSAY_DATA.`,
      );
    await pause(50);
  }
}

async function runsOn(pid: number, folder: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(folder);
}

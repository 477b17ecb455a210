import { MissingPartError } from '@assay/embedded';
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Below the folder itself, who owns what: parts that another user left there could not be opened later. */
const OWN_PARTS = ['', 'kafka', 'kafka/log', 'logs', 'postgres', 'class-data'];

/**
 * Makes the folder where it is missing, and sees that we may read and write it.
 * @throws MissingPartError that names the folder and `variable`, by which another is chosen
 */
export async function checkFolder(folder: string, variable: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const part of OWN_PARTS) await checkOpen(join(folder, part));
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new MissingPartError(
      `${path ?? folder} cannot be read and written by ${userInfo().username} (${code}): change its owner or mode, or name another folder by ${variable}.`,
    );
  }
}

async function checkOpen(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes `folder` by `make`, once for all processes and for all time: it is made beside its place and
 * moved there whole, so that a killed run leaves no half of it. Where two make it at once, the first
 * to finish wins and the other's is dropped.
 */
export async function prepareOnce(folder: string, make: (place: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const place = await mkdtemp(`${folder}.making-`);
  try {
    await make(place);
    await rename(place, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

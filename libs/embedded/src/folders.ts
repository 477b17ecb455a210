import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout: the nearest folder above this file that holds `nx.json`. */
export function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('nx.json not found above the code: run from a checkout');
    folder = parent;
  }
  return folder;
}

export function deployFolder(): string {
  return join(rootFolder(), 'deploy');
}

/** Jars and prepared data, kept between runs; ASSAY_CACHE moves it. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = {}): string {
  return resolve(rootFolder(), environment['ASSAY_CACHE'] || '.cache');
}

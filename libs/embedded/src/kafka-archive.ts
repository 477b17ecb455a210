import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Java } from './java.js';
import { exists } from './prepare-once.js';

/**
 * Class data archive (AppCDS, 52 MB): with it the broker is ready in 0.8 s, without in 1.4 s. It is
 * made by the first broker that ends in peace (2 s more for that one stop), and fits only the same
 * Java, class path and flags: hence the name.
 */
export interface ClassArchive {
  readonly flags: readonly string[];
  /** To be called when the broker has ended by itself. */
  keep(): Promise<void>;
}

export async function classArchive(
  cacheFolder: string,
  java: Java,
  classPath: string,
  jvm: readonly string[],
): Promise<ClassArchive> {
  const key = createHash('sha256')
    .update([java.version, classPath, ...jvm].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, 'kafka', 'class-data');
  const file = join(folder, `${key}.jsa`);
  if (await exists(file)) {
    return { flags: ['-Xshare:auto', `-XX:SharedArchiveFile=${file}`], keep: async () => undefined };
  }
  const claim = join(folder, `${key}.making`);
  if (!(await claimed(folder, claim))) return { flags: [], keep: async () => undefined };
  const made = join(folder, `${key}.${process.pid}.tmp`);
  return {
    flags: [`-XX:ArchiveClassesAtExit=${made}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'],
    keep: async () => {
      await rename(made, file).catch(() => undefined);
      await rm(made, { force: true });
      await rm(claim, { force: true });
    },
  };
}

/** Of several brokers at once only one makes the archive: making it costs 2 s of CPU. */
async function claimed(folder: string, claim: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const holder = Number(await readFile(claim, 'utf8').catch(() => '0'));
  if (holder > 0 && !isAlive(holder)) await rm(claim, { force: true });
  return writeFile(claim, String(process.pid), { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

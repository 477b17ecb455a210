import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ENDS_WITHIN_MS = 60_000;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A command of the launcher as a person gives it, to its end. */
export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const main = join(rootFolder(), 'apps/standalone/dist/main.js');
  const options = {
    env: { ...process.env, npm_lifecycle_event: '', ...environment },
    timeout: ENDS_WITHIN_MS,
    maxBuffer: MOST_OUTPUT_BYTES,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

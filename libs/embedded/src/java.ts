import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPartError } from './missing-part.js';

const run = promisify(execFile);
const OLDEST_JAVA = 17;

export interface Java {
  readonly command: string;
  /** `java -version` as it stands: a class data archive fits only the Java that made it. */
  readonly version: string;
}

/** JAVA_HOME's, or the one on the path. @throws MissingPartError where there is none of version 17 or newer */
export async function findJava(environment: Readonly<Record<string, string | undefined>>): Promise<Java> {
  const home = environment['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  const said = await run(command, ['-version']).then(
    (result) => result.stderr,
    () => '',
  );
  const major = javaMajor(said);
  if (major >= OLDEST_JAVA) return { command, version: said.trim() };
  const found = major > 0 ? `Java ${major} is too old for Kafka` : 'Java was not found';
  throw new MissingPartError(
    `${found}: install version 17 or newer (Debian: apt-get install openjdk-17-jre-headless), or set KAFKA_BROKERS to a broker of yours.`,
  );
}

/** 17 of `openjdk version "17.0.15" …`, 8 of `"1.8.0_402"`, 0 of anything else. */
export function javaMajor(said: string): number {
  const match = /version "(?:1\.)?(\d+)/.exec(said);
  return match ? Number(match[1]) : 0;
}

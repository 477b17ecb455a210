import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deployFolder } from './folders.js';
import { keep } from './keeper.js';
import { MissingPartError } from './missing-part.js';
import { exists, prepareOnce } from './prepare-once.js';

const run = promisify(execFile);
const FETCHED_WITHIN_MS = 300_000;

function libsFolder(cacheFolder: string): string {
  return join(cacheFolder, 'kafka', 'libs-4.3.1');
}

/** True when the jars lie in the cache, so that neither Maven nor network is needed. */
export function hasKafkaJars(cacheFolder: string): Promise<boolean> {
  return exists(libsFolder(cacheFolder));
}

/** @throws MissingPartError where Maven is not installed */
export async function checkMaven(): Promise<void> {
  await run('mvn', ['--version']).catch(() => {
    throw new MissingPartError(
      "Maven was not found, and Kafka's jars are not in the cache yet: install it (Debian: apt-get install maven), or set KAFKA_BROKERS to a broker of yours.",
    );
  });
}

/** The jars, fetched once (44 MB). Explicit and sorted: a class data archive needs the same string each time. */
export async function kafkaClassPath(cacheFolder: string): Promise<string> {
  const libs = libsFolder(cacheFolder);
  await prepareOnce(libs, fetchJars);
  const jars = (await readdir(libs)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((name) => join(libs, name)).join(':');
}

async function fetchJars(place: string): Promise<void> {
  await checkMaven();
  const pom = join(deployFolder(), 'kafka', 'pom.xml');
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${place}`];
  const fetching = run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: FETCHED_WITHIN_MS });
  keep(fetching.child, 'TERM');
  await fetching.catch((error: { stdout?: string }) => {
    const cause = error.stdout?.split('\n').find((line) => line.includes('ERROR')) ?? 'no reason given';
    throw new MissingPartError(
      `Maven could not fetch Kafka's jars (${cause}): check the network, or set KAFKA_BROKERS to a broker of yours.`,
    );
  });
}

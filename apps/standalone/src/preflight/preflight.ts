import {
  checkMaven,
  findJava,
  hasKafkaJars,
  MissingPartError,
  postgresBinaries,
  postgresUser,
} from '@assay/embedded';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { StandaloneConfig } from '../standalone.config.js';
import { checkBrokers, checkDatabase } from './check-answers.js';
import { checkFolder } from './check-folder.js';
import { checkPortFree } from './check-port.js';

/**
 * Everything that can be known to fail, before anything is started.
 * @throws MissingPartError: one sentence that names the remedy
 */
export async function preflight(
  config: StandaloneConfig,
  dataFolder: string,
  command: string,
): Promise<void> {
  if (config.port) await checkPortFree(config.host, config.port, command);
  await checkFolder(config.dataFolder, 'ASSAY_DATA');
  await checkFolder(dataFolder, 'ASSAY_DATA');
  await checkFolder(config.cacheFolder, 'ASSAY_CACHE');
  await checkFolder(join(config.cacheFolder, 'kafka'), 'ASSAY_CACHE');
  await (config.brokers ? checkBrokers(config.brokers) : checkEmbeddedKafka(config));
  await (config.databaseUrl ? checkDatabase(config.databaseUrl) : checkEmbeddedPostgres(config, dataFolder));
}

async function checkEmbeddedKafka(config: StandaloneConfig): Promise<void> {
  await findJava(config.environment);
  if (!(await hasKafkaJars(config.cacheFolder))) await checkMaven();
}

async function checkEmbeddedPostgres(config: StandaloneConfig, dataFolder: string): Promise<void> {
  const user = await postgresUser();
  await postgresBinaries(config.cacheFolder, user);
  const owned = join(dataFolder, 'postgres', 'cluster');
  if (!user && isForeign(owned))
    throw new MissingPartError(
      `${owned} was made by another user, and PostgreSQL takes a folder from its owner only: give it to yourself (chown -R), or name another folder by ASSAY_DATA.`,
    );
}

function isForeign(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.uid !== process.getuid?.();
}

import { MissingPartError } from '@assay/embedded';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isClaimed } from './launcher-lock.js';
import type { StandaloneConfig } from './standalone.config.js';

/** Where the parts of a running Assay are. */
export interface Addresses {
  readonly brokers: string;
  /** Missing where it is one of the user's own: its password is not written down a second time. */
  readonly databaseUrl?: string | undefined;
}

/** Folders below ASSAY_DATA, by the command that runs on each. */
export const RUNS = { start: 'main', demo: 'demo' } as const;
export type RunName = keyof typeof RUNS;

const FILE = 'addresses.json';

/** For commands given beside the launcher; readable by its user alone. Resolves to what takes it away. */
export async function noteAddresses(folder: string, addresses: Addresses): Promise<() => Promise<void>> {
  const file = join(folder, FILE);
  await writeFile(file, `${JSON.stringify(addresses)}\n`, { mode: 0o600 });
  // The mode above is of a new file only.
  await chmod(file, 0o600);
  return () => rm(file, { force: true });
}

/**
 * The Assay that a command is about: KAFKA_BROKERS and DATABASE_URL where they are set, else that of the launcher which
 * runs on this machine.
 * @throws MissingPartError that says how to name one
 */
export async function findAddresses(
  config: StandaloneConfig,
  of?: RunName,
): Promise<Partial<Addresses> & Pick<Addresses, 'brokers'>> {
  const { brokers, databaseUrl } = config;
  if (brokers !== undefined && databaseUrl !== undefined) return { brokers, databaseUrl };
  const found = await addressesOf(config, of);
  const known = brokers ?? found?.brokers;
  if (known === undefined) throw new MissingPartError(notRunning(of));
  return { brokers: known, databaseUrl: databaseUrl ?? found?.databaseUrl };
}

function notRunning(of: RunName | undefined): string {
  const command = of === 'demo' ? 'npm run demo' : of === 'start' ? 'npm start' : 'npm start or npm run demo';
  return (
    `Assay does not run here, and its Kafka ends with it: run ${command} in another terminal, ` +
    'or name the Kafka and PostgreSQL of your own by KAFKA_BROKERS and DATABASE_URL.'
  );
}

async function addressesOf(
  { dataFolder }: StandaloneConfig,
  of: RunName | undefined,
): Promise<Addresses | undefined> {
  const names = of ? [of] : (Object.keys(RUNS) as RunName[]);
  const read = await Promise.all(names.map((name) => readAddresses(join(dataFolder, RUNS[name]))));
  const running = read.filter((one) => one !== undefined);
  if (running.length > 1)
    throw new MissingPartError('npm start and npm run demo both run here: add --of start or --of demo.');
  return running[0];
}

async function readAddresses(folder: string): Promise<Addresses | undefined> {
  if (!(await isClaimed(folder))) return undefined;
  try {
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Addresses;
  } catch {
    // It is just starting.
    return undefined;
  }
}

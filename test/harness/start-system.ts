import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { groupsOf } from '@assay/standalone/settings';
import { startSystem as start, type RunningSystem } from '@assay/standalone/system';
import { testCacheFolder } from '@assay/testing';
import { ApiDriver } from './api-driver.js';
import { SimulatorControl } from './simulator-control.js';

/** Both rounds, batches, keys, limits by domain: what a test of the flow needs. Those of all providers name them. */
const SOME_PROVIDERS = ['page', 'dns', 'rdap', 'safebrowsing', 'openpagerank', 'moz'];

/** A service gives up what is in flight within this; after it, it is killed. */
const HALTS_WITHIN_MS = 10_000;

export interface TestSystemSettings {
  /** Ids of those switched on. Default: six of them. */
  readonly providers?: readonly string[];
  /** Provider ids, one fetcher process per group. Default: page alone, all others together. */
  readonly fetchers?: readonly (readonly string[])[];
  /** Shortest and longest answer of the simulator in ms. Default `5-20`: a test need not wait. */
  readonly simulatorLatency?: string;
  /** Multiplies every documented limit. Default 1,000: no test waits for a limit unless it is about one. */
  readonly limitsFactor?: number;
  /** Set for every service, such as `EXPRESS_DEADLINE_MS`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly partitions?: number;
  /** Limits, prices and times by provider, as in a file of PROVIDER_SETTINGS. */
  readonly providerSettings?: Readonly<Record<string, object>>;
  /** What stands between services and parts: see SystemSettings of apps/standalone. */
  readonly links?: Pick<Parameters<typeof start>[0], 'kafkaListeners' | 'placesOf'>;
}

/** The whole system on ports and folders of its own, every provider led to a simulator of its own. */
export interface TestSystem {
  readonly api: ApiDriver;
  readonly simulator: SimulatorControl;
  readonly databaseUrl: string;
  readonly brokers: string;
  /** Over the system's own database, for counting again what the API says. */
  readonly database: pg.Pool;
  readonly system: RunningSystem;
  /** Of every service and embedded part, by name: ingest, fetcher.page, fetcher.others, joiner, store, query, simulator, kafka, postgres. */
  pids(): Record<string, number>;
  /** SIGKILL; the supervisor starts it again. Resolves when the new process is ready, with its pid. */
  kill(service: string): Promise<number>;
  /** Ends every service but the simulator as SIGTERM does, until `resume`; broker and database stay. */
  halt(): Promise<void>;
  /** Resolves when all that `halt` ended are ready again. */
  resume(): Promise<void>;
  /** What was started again or said since the start, for a failed run to be read. */
  readonly notes: readonly string[];
  /** Ends everything and drops its data; the logs stay where a service died unexpectedly. */
  stop(): Promise<void>;
}

/** @throws whatever kept a part from starting; nothing is left running then */
export async function startSystem(settings: TestSystemSettings = {}): Promise<TestSystem> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-system-'));
  const notes: string[] = [];
  const system = await start(await systemSettings(settings, dataFolder), {
    note: (text) => notes.push(text),
    onService: (event) =>
      notes.push(`${event.service} ${event.kind}${event.kind === 'ended' ? ` (${event.how})` : ''}`),
  });
  const database = new pg.Pool({ connectionString: system.databaseUrl, max: 4 });
  database.on('error', () => undefined);
  return {
    api: new ApiDriver(system.address),
    simulator: new SimulatorControl(system.simulatorControl!),
    databaseUrl: system.databaseUrl,
    brokers: system.brokers,
    database,
    system,
    notes,
    pids: () => system.pids(),
    kill: (name) => killAndWait(system, name),
    ...haltAndResume(system),
    stop: async () => {
      await database.end().catch(() => undefined);
      await system.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function systemSettings(
  settings: TestSystemSettings,
  dataFolder: string,
): Promise<Parameters<typeof start>[0]> {
  const providers = settings.providers ?? SOME_PROVIDERS;
  const PROVIDER_SETTINGS = settings.providerSettings ? join(dataFolder, 'provider-settings.json') : '';
  if (PROVIDER_SETTINGS) await writeFile(PROVIDER_SETTINGS, JSON.stringify(settings.providerSettings));
  return {
    mode: 'test',
    dataFolder,
    cacheFolder: testCacheFolder,
    host: '127.0.0.1',
    port: 0,
    partitions: settings.partitions ?? 12,
    replicationFactor: 1,
    durable: false,
    environment: {
      ...inherited(),
      PROVIDERS: providers.join(','),
      PROVIDER_SETTINGS,
      ...settings.environment,
    },
    fetchers: settings.fetchers ?? groupsOf(providers),
    simulator: { latency: settings.simulatorLatency ?? '5-20' },
    limitsFactor: settings.limitsFactor ?? 1_000,
    ...settings.links,
  };
}

/** Nothing of the person's own settings reaches a system under test. */
function inherited(): Record<string, string | undefined> {
  const { PATH, HOME, JAVA_HOME, LOG_LEVEL } = process.env;
  return { PATH, HOME, JAVA_HOME, LOG_LEVEL: LOG_LEVEL ?? 'info' };
}

function haltAndResume({ supervisor }: RunningSystem): Pick<TestSystem, 'halt' | 'resume'> {
  const names = Object.keys(supervisor.pids()).filter((name) => name !== 'simulator');
  const services = names.map((name) => supervisor.service(name));
  return {
    halt: async () => void (await Promise.all(services.map((service) => service.stop(HALTS_WITHIN_MS)))),
    resume: async () => void (await Promise.all(services.map((service) => service.start()))),
  };
}

async function killAndWait(system: RunningSystem, name: string): Promise<number> {
  const service = system.supervisor.service(name);
  const again = service.nextReady();
  if (!service.signal('SIGKILL')) throw new Error(`${name} was not running`);
  await again;
  return service.pid!;
}

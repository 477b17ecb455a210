import { migrate } from '@assay/database';
import { freePort, freeUdpPort, rootFolder } from '@assay/embedded';
import { createTopics } from '@assay/messaging';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceEvent } from '../supervisor/service-spec.js';
import { Supervisor } from '../supervisor/supervisor.js';
import {
  fetcherSpec,
  quietServices,
  serviceSpecs,
  simulatorSpec,
  type Places,
  type PlannedSettings,
  type SimulatorPlaces,
} from './plan-services.js';
import { startParts, type Parts } from './start-parts.js';
import type { SystemSettings } from './system-settings.js';

/** Of the 10 s that a person waits after Ctrl-C at most: first the services, then broker and database. */
const SERVICES_STOP_WITHIN_MS = 5_000;
const PARTS_STOP_WITHIN_MS = 4_000;

export interface SystemEvents {
  /** Something a person may want to know: a restart, a folder elsewhere. */
  note(text: string): void;
  onService(event: ServiceEvent): void;
}

export interface RunningSystem {
  /** Address for people: page at /, API at /v1. */
  readonly address: string;
  readonly brokers: string;
  readonly databaseUrl: string;
  /** The simulator's loopback address for counts, faults and truth; undefined without simulator. */
  readonly simulatorControl: string | undefined;
  readonly supervisor: Supervisor;
  readonly logFolder: string;
  /** Of everything that runs: services and embedded parts, by name. */
  pids(): Record<string, number>;
  /** One more replica of a group of providers; resolves to its name when it is ready. */
  addFetcher(group: readonly string[]): Promise<string>;
  /** Ends everything within 10 s; resolves when no process is left. */
  stop(): Promise<void>;
}

/**
 * Broker and database, topics and tables, then every service as a process of its own. Resolves when
 * all are ready; rejects when one could not start or `signal` was aborted, with nothing left running.
 */
export async function startSystem(
  settings: PlannedSettings,
  events: SystemEvents,
  signal?: AbortSignal,
): Promise<RunningSystem> {
  const logFolder = join(settings.dataFolder, 'logs');
  await mkdir(logFolder, { recursive: true });
  const supervisor = new Supervisor({
    logFolder,
    // From Node 22.1 on, compiled code is kept between starts; Node 20 ignores it.
    environment: { NODE_COMPILE_CACHE: join(settings.cacheFolder, 'compiled'), ...settings.environment },
    onEvent: (event) => events.onService(event),
  });
  let parts: Parts | undefined;
  const stop = async () => {
    await supervisor.stop(SERVICES_STOP_WITHIN_MS);
    await parts?.stop(PARTS_STOP_WITHIN_MS);
  };
  signal?.addEventListener('abort', () => void supervisor.stop(SERVICES_STOP_WITHIN_MS), { once: true });
  try {
    const ready = startSimulator(supervisor, settings);
    // Looked at below; should the parts fail first, it must not end the process meanwhile.
    ready.catch(() => undefined);
    parts = await startParts(settings, events);
    signal?.throwIfAborted();
    const [simulator] = await Promise.all([ready, prepare(settings, parts)]);
    const places = await choosePlaces(settings, parts, simulator);
    await supervisor.start(serviceSpecs(settings, places));
    return running(settings, supervisor, parts, places, logFolder, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Topics and tables. Idempotent: any start and any number of machines may do it. */
export async function prepare(
  settings: Pick<SystemSettings, 'partitions' | 'replicationFactor'>,
  parts: Pick<Parts, 'brokers' | 'databaseUrl'>,
): Promise<void> {
  const { partitions, replicationFactor } = settings;
  await Promise.all([
    createTopics({ brokers: parts.brokers, partitions, replicationFactor }),
    migrate(parts.databaseUrl),
  ]);
}

/** It needs neither broker nor database, so it starts beside them. */
async function startSimulator(
  supervisor: Supervisor,
  settings: SystemSettings,
): Promise<SimulatorPlaces | undefined> {
  if (!settings.simulator) return undefined;
  const simulator = await simulatorPlaces(settings.dataFolder);
  const spec = simulatorSpec(settings, { appsFolder: appsFolder(), simulator });
  if (spec) await supervisor.start([spec]);
  return simulator;
}

function appsFolder(): string {
  return join(rootFolder(), 'apps');
}

async function simulatorPlaces(dataFolder: string): Promise<SimulatorPlaces> {
  const [httpPort, httpsPort, controlPort, dnsPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freeUdpPort(),
  ]);
  return { httpPort, httpsPort, controlPort, dnsPort, caFile: join(dataFolder, 'simulator-ca.pem') };
}

async function choosePlaces(
  settings: SystemSettings,
  parts: Parts,
  simulator: SimulatorPlaces | undefined,
): Promise<Places> {
  return {
    appsFolder: appsFolder(),
    brokers: parts.brokers,
    databaseUrl: parts.databaseUrl,
    ingestPort: await freePort(),
    queryPort: settings.port || (await freePort()),
    healthPorts: Object.fromEntries(
      await Promise.all(quietServices(settings).map(async (name) => [name, await freePort()] as const)),
    ),
    ...(simulator ? { simulator } : {}),
  };
}

function running(
  settings: PlannedSettings,
  supervisor: Supervisor,
  parts: Parts,
  places: Places,
  logFolder: string,
  stop: () => Promise<void>,
): RunningSystem {
  const groups = [...settings.fetchers];
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : settings.host;
  return {
    address: `http://${host}:${places.queryPort}`,
    brokers: parts.brokers,
    databaseUrl: parts.databaseUrl,
    simulatorControl: places.simulator && `http://127.0.0.1:${places.simulator.controlPort}`,
    supervisor,
    logFolder,
    pids: () => ({ ...parts.pids(), ...supervisor.pids() }),
    addFetcher: async (group) => {
      const index = groups.push(group) - 1;
      const spec = fetcherSpec({ ...settings, fetchers: groups }, places, index);
      await supervisor.start([spec]);
      return spec.name;
    },
    stop,
  };
}

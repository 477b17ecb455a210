import { builtInProviders } from '@assay/providers';
import { join } from 'node:path';
import type { ServiceSpec } from '../supervisor/service-spec.js';
import type { SystemSettings } from './system-settings.js';

/** Addresses that were chosen or found at start. */
export interface Places {
  readonly appsFolder: string;
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly ingestPort: number;
  readonly queryPort: number;
  /** Where services that serve nothing else tell how they are, by name; query shows them. */
  readonly healthPorts?: Readonly<Record<string, number>>;
  readonly simulator?: SimulatorPlaces;
}

export interface PlannedSettings extends SystemSettings {
  /** Addresses as one service is told them: a test leads it through something that can be cut. Default: as they are. */
  readonly placesOf?: ((service: string, places: Places) => Places) | undefined;
}

export interface SimulatorPlaces {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dnsPort: number;
  readonly controlPort: number;
  readonly caFile: string;
}

/** Killed consumers of the embedded broker are missed after 3 s; an outside broker allows 6 s at least. */
const EMBEDDED_SESSION_MS = 3_000;
/**
 * Young garbage of many small messages: fewer copies, a tenth more throughput, 50 MB more memory. Other
 * services want the cores that helper threads of the collector would take: 5 % less CPU in all on 2 cores.
 */
const MANY_MESSAGES = ['--max-semi-space-size=64', '--single-threaded-gc'];

/** The simulator comes first: fetchers read the authority's certificate when they start. */
export function simulatorSpec(
  settings: SystemSettings,
  places: Pick<Places, 'appsFolder' | 'simulator'>,
): ServiceSpec | undefined {
  const { simulator } = places;
  if (!simulator) return undefined;
  const latency = settings.simulator?.latency;
  return spec(places, 'simulator', 'simulator', {
    SIMULATOR_HTTP_PORT: String(simulator.httpPort),
    SIMULATOR_HTTPS_PORT: String(simulator.httpsPort),
    SIMULATOR_DNS_PORT: String(simulator.dnsPort),
    SIMULATOR_CONTROL_PORT: String(simulator.controlPort),
    SIMULATOR_CA_FILE: simulator.caFile,
    LIMITS_FACTOR: String(settings.limitsFactor),
    ...(latency === undefined ? {} : { SIMULATOR_LATENCY: latency }),
  });
}

/** Every service but the simulator, in the order of the flow. */
export function serviceSpecs(settings: PlannedSettings, places: Places): ServiceSpec[] {
  const shared = (service: string) => sharedEnvironment(settings, placesOf(service, settings, places));
  const ingestUrl = `http://127.0.0.1:${placesOf('query', settings, places).ingestPort}`;
  return [
    spec(places, 'ingest', 'ingest', {
      ...shared('ingest'),
      HOST: '127.0.0.1',
      INGEST_PORT: String(places.ingestPort),
      LIMITS_FACTOR: String(settings.limitsFactor),
    }),
    ...settings.fetchers.map((_, index) => fetcherSpec(settings, places, index)),
    spec(places, 'joiner', 'joiner', shared('joiner'), MANY_MESSAGES),
    spec(places, 'store', 'store', shared('store'), MANY_MESSAGES),
    spec(places, 'query', 'query', {
      ...shared('query'),
      PORT: String(places.queryPort),
      HOST: settings.host,
      INGEST_URL: ingestUrl,
      HEALTH_URLS: Object.entries(places.healthPorts ?? {})
        .map(([name, port]) => `${name}=http://127.0.0.1:${port}`)
        .join(','),
    }),
  ];
}

/** Services without a port of their own for people or each other. */
export function quietServices({ fetchers }: SystemSettings): string[] {
  return [...fetchers.map((_, index) => fetcherName(fetchers, index)), 'joiner', 'store'];
}

/** The fetcher of one group of providers. A group that is named twice has two replicas, which share its work. */
export function fetcherSpec(settings: PlannedSettings, places: Places, index: number): ServiceSpec {
  const name = fetcherName(settings.fetchers, index);
  const seen = placesOf(name, settings, places);
  return spec(
    places,
    name,
    'fetcher',
    {
      ...sharedEnvironment(settings, seen),
      ...leadEnvironment(seen.simulator),
      PROVIDER: (settings.fetchers[index] ?? []).join(','),
      LIMITS_FACTOR: String(settings.limitsFactor),
    },
    MANY_MESSAGES,
  );
}

/**
 * `fetcher.page` for a group of one; the rest together is `fetcher.others`, further groups are numbered, as are
 * replicas of a group of one: `fetcher.page-2`.
 */
export function fetcherName(groups: SystemSettings['fetchers'], index: number): string {
  const group = groups[index] ?? [];
  if (group.length === 1) {
    const before = groups.slice(0, index).filter((one) => one.length === 1 && one[0] === group[0]).length;
    return before === 0 ? `fetcher.${group[0]}` : `fetcher.${group[0]}-${before + 1}`;
  }
  const place = groups.slice(0, index).filter(({ length }) => length !== 1).length;
  return place === 0 ? 'fetcher.others' : `fetcher.others-${place + 1}`;
}

function placesOf(service: string, settings: PlannedSettings, places: Places): Places {
  return settings.placesOf?.(service, places) ?? places;
}

function sharedEnvironment(settings: SystemSettings, places: Places): Record<string, string> {
  const given = settings.environment['KAFKA_SESSION_TIMEOUT_MS'];
  const sessionMs = given || (settings.brokers ? undefined : String(EMBEDDED_SESSION_MS));
  return {
    ASSAY_MODE: settings.mode,
    KAFKA_BROKERS: places.brokers,
    DATABASE_URL: places.databaseUrl,
    ...(sessionMs ? { KAFKA_SESSION_TIMEOUT_MS: sessionMs } : {}),
    ...(places.simulator ? SIMULATED_KEYS : {}),
  };
}

/** The simulator takes any key that starts so: a real one never leaves this machine for it. */
const SIMULATED_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  builtInProviders.flatMap(({ id, auth }) =>
    auth.kind === 'key' ? [[auth.env, `sim-${id}${isPair(auth.form) ? ':sim-secret' : ''}`]] : [],
  ),
);

function isPair(form: string): boolean {
  return form === 'basic' || form === 'oauth';
}

function leadEnvironment(simulator: SimulatorPlaces | undefined): Record<string, string> {
  if (!simulator) return {};
  return {
    LEAD_HTTP_PORT: String(simulator.httpPort),
    LEAD_HTTPS_PORT: String(simulator.httpsPort),
    LEAD_DNS_PORT: String(simulator.dnsPort),
    LEAD_CA_FILE: simulator.caFile,
  };
}

function spec(
  places: Pick<Places, 'appsFolder' | 'healthPorts'>,
  name: string,
  app: string,
  given: Record<string, string>,
  nodeOptions: readonly string[] = [],
): ServiceSpec {
  const port = places.healthPorts?.[name];
  const environment = port === undefined ? given : { ...given, HEALTH_PORT: String(port) };
  return { name, script: join(places.appsFolder, app, 'dist', 'main.js'), environment, nodeOptions };
}

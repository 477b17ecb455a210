import { Port, readConfig, Shared, Type } from '@assay/config';
import {
  builtInProviders,
  enabledProviders,
  keysOf,
  loadRegistry,
  type Provider,
  type Registry,
} from '@assay/providers';
import type { ReconcileSettings } from './reconcile/reconciler.js';
import type { LaneDefaults, SubmissionDefaults } from './submission-settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

const Millis = (fallback: number, description: string) =>
  Type.Integer({ minimum: 1, default: fallback, description });
const Deadline = (description: string) => Type.Optional(Type.Integer({ minimum: 3_000, description }));
const HOUR = 3_600_000;

export const IngestSettings = Type.Object({
  KAFKA_BROKERS: Shared.KAFKA_BROKERS,
  DATABASE_URL: Shared.DATABASE_URL,
  ASSAY_MODE: Shared.ASSAY_MODE,
  PROVIDERS: Shared.PROVIDERS,
  PROVIDERS_MODULE: Shared.PROVIDERS_MODULE,
  PROVIDER_SETTINGS: Shared.PROVIDER_SETTINGS,
  HOST: Shared.HOST,
  INGEST_PORT: Port(3001, 'Port of ingest; query passes submissions on to it.'),
  INGEST_POOL_SIZE: Type.Integer({
    minimum: 4,
    default: 12,
    description: 'PostgreSQL connections of ingest.',
  }),
  UPLOADS_AT_ONCE: Type.Integer({
    minimum: 1,
    default: 32,
    description:
      'Lists that may come in at the same time, about 2 MB of memory each; one more is told to wait (503).',
  }),
  UPLOAD_IDLE_MS: Millis(60_000, 'An upload that sends nothing for this long is taken as cut.'),
  EXPRESS_ROWS: Type.Integer({
    minimum: 0,
    default: 500,
    description: 'Lists up to this many rows are express.',
  }),
  EXPRESS_ROUND1_MS: Deadline('Express: round one closes this long after dispatch. 20 s.'),
  EXPRESS_DEADLINE_MS: Deadline('Express: a row closes this long after dispatch. 60 s, in the demo 45 s.'),
  EXPRESS_GRACE_MS: Millis(60_000, 'Express: messages later than deadline and grace create nothing.'),
  EXPRESS_PATIENCE_MS: Millis(5_000, 'Express: longest wait for a limit before a cell is skipped.'),
  BULK_ROUND1_MS: Deadline('Bulk: round one closes this long after dispatch. 6 h, in the demo 20 s.'),
  BULK_DEADLINE_MS: Deadline('Bulk: a row closes this long after dispatch. 24 h, in the demo 45 s.'),
  BULK_GRACE_MS: Millis(HOUR, 'Bulk: messages later than deadline and grace create nothing.'),
  BULK_PATIENCE_MS: Millis(HOUR, 'Bulk: longest wait for a limit before a cell is skipped.'),
  DISPATCH_POLL_MS: Millis(250, 'How often open submissions are looked at.'),
  DISPATCH_CALM_FLUSH_MS: Millis(
    200,
    'Bulk slows down once joiner or store take longer than this for the rows of an express list.',
  ),
  DISPATCH_LEASE_MS: Millis(5_000, 'A dispatch not sent for this long is taken up by any ingest.'),
  RECONCILE_POLL_MS: Millis(
    5_000,
    'How often ingest looks for rows that have no final version at deadline and grace.',
  ),
  LIMITS_FACTOR: Type.Number({
    exclusiveMinimum: 0,
    default: 1,
    description: "Multiplies the permits of every provider's limits. The demo takes 10.",
  }),
  IN_FLIGHT_ROWS: Type.Integer({
    minimum: 500,
    default: 20_000,
    description: 'Rows of one submission that may be dispatched and not yet final.',
  }),
});

export interface IngestConfig {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly host: string;
  readonly port: number;
  readonly uploadIdleMs: number;
  readonly uploadsAtOnce: number;
  readonly defaults: SubmissionDefaults;
  readonly dispatch: DispatchSettings;
  readonly reconcile: ReconcileSettings;
  readonly registry: Registry;
  readonly enabled: readonly Provider[];
  /** Keys of ours by provider id: each has the provider's limits for itself. */
  readonly credentials: ReadonlyMap<string, number>;
  readonly limitsFactor: number;
}

export interface DispatchSettings {
  readonly pollMs: number;
  readonly leaseMs: number;
  /** What the flush of express rows in joiner and store may take before bulk slows. */
  readonly calmFlushMs: number;
  readonly inFlightRows: number;
}

/** @throws ConfigError that lists every fault */
export async function readIngestConfig(environment: Environment = process.env): Promise<IngestConfig> {
  const settings = readConfig(IngestSettings, environment);
  const registry = await loadRegistry(
    { module: settings.PROVIDERS_MODULE, settings: settings.PROVIDER_SETTINGS },
    builtInProviders,
  );
  return {
    brokers: settings.KAFKA_BROKERS,
    databaseUrl: settings.DATABASE_URL,
    poolSize: settings.INGEST_POOL_SIZE,
    host: settings.HOST,
    port: settings.INGEST_PORT,
    uploadIdleMs: settings.UPLOAD_IDLE_MS,
    uploadsAtOnce: settings.UPLOADS_AT_ONCE,
    defaults: { expressRows: settings.EXPRESS_ROWS, ...laneDefaults(settings) },
    dispatch: {
      pollMs: settings.DISPATCH_POLL_MS,
      leaseMs: settings.DISPATCH_LEASE_MS,
      calmFlushMs: settings.DISPATCH_CALM_FLUSH_MS,
      inFlightRows: settings.IN_FLIGHT_ROWS,
    },
    reconcile: { everyMs: settings.RECONCILE_POLL_MS, leaseMs: settings.DISPATCH_LEASE_MS },
    registry,
    enabled: enabledProviders(registry, environment, settings.PROVIDERS),
    credentials: new Map(registry.providers.map((one) => [one.id, keysOf(one, environment).length])),
    limitsFactor: settings.LIMITS_FACTOR,
  };
}

function laneDefaults(settings: ReturnType<typeof readConfig<typeof IngestSettings>>): {
  express: LaneDefaults;
  bulk: LaneDefaults;
} {
  const demo = settings.ASSAY_MODE === 'demo';
  return {
    express: {
      round1Ms: settings.EXPRESS_ROUND1_MS ?? 20_000,
      deadlineMs: settings.EXPRESS_DEADLINE_MS ?? (demo ? 45_000 : 60_000),
      graceMs: settings.EXPRESS_GRACE_MS,
      patienceMs: settings.EXPRESS_PATIENCE_MS,
    },
    bulk: {
      round1Ms: settings.BULK_ROUND1_MS ?? (demo ? 20_000 : 6 * HOUR),
      deadlineMs: settings.BULK_DEADLINE_MS ?? (demo ? 45_000 : 24 * HOUR),
      graceMs: settings.BULK_GRACE_MS,
      patienceMs: settings.BULK_PATIENCE_MS,
    },
  };
}

import { Port, readConfig, Type } from '@assay/config';
import { cacheFolder, rootFolder } from '@assay/embedded';
import { resolve } from 'node:path';
import type { Environment } from './system/system-settings.js';

const EMBEDDED_PARTITIONS = 12;
const OWN_PARTITIONS = 24;

/** Of the launcher itself; whatever else stands in the environment reaches the services as it is. */
export const StandaloneSettings = Type.Object({
  PORT: Port(3000, 'The one address for people: page at /, API at /v1.'),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 for all.' }),
  KAFKA_BROKERS: Type.Optional(
    Type.String({ description: 'Kafka brokers, comma-separated. Unset: an embedded one is started.' }),
  ),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'PostgreSQL connection string. Unset: an embedded one is started.',
    }),
  ),
  KAFKA_PARTITIONS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000,
      description:
        'Partitions of every topic when they are created. Default 12 embedded, 24 on your own broker.',
    }),
  ),
  KAFKA_REPLICATION_FACTOR: Type.Integer({
    minimum: 1,
    default: 1,
    description: 'Copies of every partition when topics are created; 3 on a cluster of your own.',
  }),
  ASSAY_DATA: Type.String({
    default: '.data',
    description: 'Folder of Kafka’s log, PostgreSQL’s tables and the logs of all services.',
  }),
  ASSAY_CACHE: Type.String({
    default: '.cache',
    description: 'Folder of what is fetched and prepared once: Kafka’s jars, an empty cluster.',
  }),
  JAVA_HOME: Type.Optional(
    Type.String({ description: 'Java for the embedded Kafka. Unset: the one on the path.' }),
  ),
});

export interface StandaloneConfig {
  readonly port: number;
  readonly host: string;
  readonly brokers: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly dataFolder: string;
  readonly cacheFolder: string;
  /** What services inherit. */
  readonly environment: Environment;
}

/** @throws ConfigError that lists every fault */
export function readStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const read = readConfig(StandaloneSettings, environment);
  return {
    port: read.PORT,
    host: read.HOST,
    brokers: read.KAFKA_BROKERS,
    databaseUrl: read.DATABASE_URL,
    partitions: read.KAFKA_PARTITIONS ?? (read.KAFKA_BROKERS ? OWN_PARTITIONS : EMBEDDED_PARTITIONS),
    replicationFactor: read.KAFKA_REPLICATION_FACTOR,
    dataFolder: resolve(rootFolder(), read.ASSAY_DATA),
    cacheFolder: cacheFolder(environment),
    environment,
  };
}

/** npm names the script it runs; then its death is ours too. */
export function isUnderNpm(environment: Environment = process.env): boolean {
  return Boolean(environment['npm_lifecycle_event']);
}

import type { KafkaListener } from '@assay/embedded';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SimulatorSettings {
  /** Shortest and longest answer in ms, `20-200`. */
  readonly latency?: string;
}

export interface SystemSettings {
  readonly mode: 'demo' | 'test' | 'production';
  /** Everything that this system writes lies here. */
  readonly dataFolder: string;
  /** Jars and prepared clusters, shared by all systems of a checkout. */
  readonly cacheFolder: string;
  /** Where people reach page and API; port 0: a free one. */
  readonly host: string;
  readonly port: number;
  /** A broker of the user's own; undefined: the embedded one. */
  readonly brokers?: string | undefined;
  /** A PostgreSQL of the user's own; undefined: the embedded one. */
  readonly databaseUrl?: string | undefined;
  /** Of every topic. All topics have the same count, and it cannot be changed later. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Embedded PostgreSQL: false for tests, which need no fsync. */
  readonly durable: boolean;
  /** What every service inherits. */
  readonly environment: Environment;
  /** Provider ids, one fetcher process per group. */
  readonly fetchers: readonly (readonly string[])[];
  /** Set: every provider is led to the simulator. Never in production. */
  readonly simulator?: SimulatorSettings | undefined;
  /** Multiplies the limits of providers and simulator alike. */
  readonly limitsFactor: number;
  /** Listeners of the embedded broker beside its own. */
  readonly kafkaListeners?: readonly KafkaListener[] | undefined;
}

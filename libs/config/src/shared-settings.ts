import { Type } from 'typebox';

/** Variables that several services read. Each service's `<app>.config.ts` picks what it needs. */
export const Shared = {
  KAFKA_BROKERS: Type.String({
    default: '127.0.0.1:9092',
    description: 'Kafka brokers, comma-separated. Set it to use your own instead of the embedded one.',
  }),
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    default: 'postgres://assay:assay@127.0.0.1:5432/assay',
    description: 'PostgreSQL connection string. Set it to use your own instead of the embedded one.',
  }),
  LOG_LEVEL: Type.String({
    default: 'info',
    description: 'Least severe log line to write: trace, debug, info, warn, error or fatal.',
  }),
  KAFKA_SESSION_TIMEOUT_MS: Type.Integer({
    minimum: 1_000,
    default: 6_000,
    description: 'A killed consumer is missed after this time; its partitions stand still until then.',
  }),
  HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address to listen on; 0.0.0.0 for all.',
  }),
  HEALTH_PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 0,
    description:
      'Port of /health/live, /health/ready and /metrics of a service that serves nothing else; 0: none.',
  }),
  ASSAY_MODE: Type.Union([Type.Literal('production'), Type.Literal('demo'), Type.Literal('test')], {
    default: 'production',
    description: 'Only demo and test may be led to the simulator instead of the internet.',
  }),
  PROVIDERS: Type.String({
    default: '',
    description:
      'Switch on only these providers, comma-separated. Empty: all that need no key or have theirs.',
  }),
  PROVIDERS_MODULE: Type.String({
    default: '',
    description: 'Path of a module whose `providers` replace the built-in ones (benchmarks, tests).',
  }),
  PROVIDER_SETTINGS: Type.String({
    default: '',
    description:
      'Path of a JSON file with limits, prices and times of your plans, by provider: docs/providers.md.',
  }),
} as const;

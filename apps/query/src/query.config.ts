import type { RegistrySource } from '@assay/providers';
import { Port, readConfig, Shared, Type } from '@assay/config';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

export const QuerySettings = Type.Object({
  PORT: Port(3000, 'The one address for people: page at /, API at /v1.'),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 for all.' }),
  INGEST_URL: Type.String({
    pattern: '^https?://',
    default: 'http://127.0.0.1:3001',
    description: 'Where writes are passed on to.',
  }),
  QUERY_POOL_SIZE: Type.Integer({ minimum: 2, default: 8, description: 'Database connections of query.' }),
  WEB_FOLDER: Type.String({
    default: fileURLToPath(new URL('../../web', import.meta.url)),
    description: 'Folder of the page: its public/ and dist/ are served.',
  }),
  DATABASE_URL: Shared.DATABASE_URL,
  PROVIDERS: Shared.PROVIDERS,
  PROVIDERS_MODULE: Shared.PROVIDERS_MODULE,
  PROVIDER_SETTINGS: Shared.PROVIDER_SETTINGS,
});

export interface QueryConfig {
  readonly port: number;
  readonly host: string;
  readonly ingestUrl: string;
  readonly poolSize: number;
  readonly webFolder: string;
  readonly databaseUrl: string;
  readonly providers: string;
  /** Where the providers come from. */
  readonly registrySource: RegistrySource;
  /** Whether a variable is set; the page says which key is missing. Never hands out its value. */
  isSet(variable: string): boolean;
}

/** @throws ConfigError */
export function readQueryConfig(environment: Environment): QueryConfig {
  const read = readConfig(QuerySettings, environment);
  return {
    port: read.PORT,
    host: read.HOST,
    ingestUrl: read.INGEST_URL.replace(/\/+$/, ''),
    poolSize: read.QUERY_POOL_SIZE,
    webFolder: read.WEB_FOLDER,
    databaseUrl: read.DATABASE_URL,
    providers: read.PROVIDERS,
    registrySource: { module: read.PROVIDERS_MODULE, settings: read.PROVIDER_SETTINGS },
    isSet: (variable) => Boolean(environment[variable]),
  };
}

import type { RegistrySource } from '@assay/providers';
import { Port, readConfig, Shared, Type } from '@assay/config';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

export const QuerySettings = Type.Object({
  PORT: Port(3000, 'The one address for people: page at /, API at /v1.'),
  HOST: Shared.HOST,
  INGEST_URL: Type.String({
    pattern: '^https?://',
    default: 'http://127.0.0.1:3001',
    description: 'Where writes are passed on to.',
  }),
  HEALTH_URLS: Type.String({
    pattern: String.raw`^([\w.-]+=https?://[^,\s]+(,|$))*$`,
    default: '',
    description:
      'Services whose health query shows beside its own, comma-separated: joiner=http://127.0.0.1:3003,store=http://…',
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
  /** Where services tell how they are, by name; ingest is always among them. */
  readonly healthUrls: Readonly<Record<string, string>>;
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
  const ingestUrl = read.INGEST_URL.replace(/\/+$/, '');
  return {
    port: read.PORT,
    host: read.HOST,
    ingestUrl,
    healthUrls: { ingest: ingestUrl, ...namedUrls(read.HEALTH_URLS) },
    poolSize: read.QUERY_POOL_SIZE,
    webFolder: read.WEB_FOLDER,
    databaseUrl: read.DATABASE_URL,
    providers: read.PROVIDERS,
    registrySource: { module: read.PROVIDERS_MODULE, settings: read.PROVIDER_SETTINGS },
    isSet: (variable) => Boolean(environment[variable]),
  };
}

function namedUrls(list: string): Record<string, string> {
  const pairs = list.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1).replace(/\/+$/, '')]),
  );
}

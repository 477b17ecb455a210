import { builtInProviders } from '@assay/providers';
import { FetcherSettings } from '../../apps/fetcher/src/fetcher.config.js';
import { IngestSettings } from '../../apps/ingest/src/ingest.config.js';
import { JoinerSettings } from '../../apps/joiner/src/joiner.config.js';
import { QuerySettings } from '../../apps/query/src/query.config.js';
import { SimulatorSettings } from '../../apps/simulator/src/simulator.config.js';
import { StandaloneSettings } from '../../apps/standalone/src/standalone.config.js';
import { StoreSettings } from '../../apps/store/src/store.config.js';

export interface Setting {
  readonly name: string;
  /** Empty where it is unset by default. */
  readonly fallback: string;
  readonly meaning: string;
  /** Who reads it. */
  readonly readers: readonly string[];
}

/** In the order of the flow; the launcher first, since most people meet only its settings. */
const SCHEMAS = {
  launcher: StandaloneSettings,
  ingest: IngestSettings,
  fetcher: FetcherSettings,
  joiner: JoinerSettings,
  store: StoreSettings,
  query: QuerySettings,
  simulator: SimulatorSettings,
};

/** Chosen by the launcher for each process; a person who sets them breaks the demo. */
const SET_BY_LAUNCHER =
  /^(LEAD_|SIMULATOR_)|^(PROVIDER|INGEST_URL|INGEST_PORT|HEALTH_PORT|HEALTH_URLS|ASSAY_MODE|LIMITS_FACTOR|WEB_FOLDER)$/;

/** Every variable that anything reads, each once; the first reader's words count. */
export function allSettings(): Setting[] {
  const settings = new Map<string, Setting>();
  for (const [reader, schema] of Object.entries(SCHEMAS)) {
    for (const [name, property] of Object.entries(schema.properties)) {
      const known = settings.get(name);
      settings.set(
        name,
        known ? { ...known, readers: [...known.readers, reader] } : settingOf(name, property, reader),
      );
    }
  }
  return [...settings.values(), ...keySettings(), LOG_LEVEL];
}

function settingOf(name: string, property: object, reader: string): Setting {
  const { default: fallback, description } = property as { default?: unknown; description?: string };
  const ours = name === 'WEB_FOLDER' ? 'apps/web' : fallback;
  return {
    name,
    fallback: ours === undefined ? '' : String(ours),
    meaning: description ?? '',
    readers: [reader],
  };
}

function keySettings(): Setting[] {
  return builtInProviders.flatMap(({ auth, title }) =>
    auth.kind === 'key'
      ? [
          {
            name: auth.env,
            fallback: '',
            meaning: auth.optional
              ? `More calls to ${title}, which also works without. From ${auth.signUp}`
              : `Switches ${title} on. Several: comma-separated. From ${auth.signUp}`,
            readers: ['fetcher'],
          },
        ]
      : [],
  );
}

const LOG_LEVEL: Setting = {
  name: 'LOG_LEVEL',
  fallback: 'info',
  meaning: 'Least severe log line to write: trace, debug, info, warn, error or fatal.',
  readers: ['all services'],
};

/** Every setting commented out, at its default: what is not changed may be left as it is. */
export function envExample(settings: readonly Setting[]): string {
  const [automatic, own] = [
    settings.filter(isAutomatic),
    settings.filter((setting) => !isAutomatic(setting)),
  ];
  return [
    '# Copy to .env and take the # off what you change. Made from the code: npm run settings',
    ...own.map(envLines),
    '',
    '# Set by the launcher for each process; of interest only where you start services yourself.',
    ...automatic.map(envLines),
    '',
  ].join('\n');
}

function envLines({ name, fallback, meaning }: Setting): string {
  return `\n# ${meaning}\n#${name}=${fallback}`;
}

/** For the README: without what the launcher sets. */
export function settingsTable(settings: readonly Setting[]): string {
  const rows = settings
    .filter((setting) => !isAutomatic(setting))
    .map(({ name, fallback, meaning, readers }) =>
      [`\`${name}\``, fallback && `\`${fallback}\``, meaning.replaceAll('|', '\\|'), readers.join(', ')].join(
        ' | ',
      ),
    );
  return [
    '| Variable | Default | Meaning | Read by |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function isAutomatic({ name }: Setting): boolean {
  return SET_BY_LAUNCHER.test(name);
}

/** Set in docker-compose.yml for each service, or of no use in a container. */
const NOT_PASSED_ON = /^(KAFKA_BROKERS|DATABASE_URL|PORT|HOST)$/;

/** Lines of docker-compose.yml that pass on whatever .env holds; empty stands for the default. */
export function composeEnvironment(settings: readonly Setting[]): string {
  return settings
    .filter((setting) => !isAutomatic(setting) && !NOT_PASSED_ON.test(setting.name))
    .filter(({ readers }) => readers.some((reader) => reader !== 'launcher'))
    .map(({ name }) => `    ${name}: \${${name}:-}`)
    .join('\n');
}

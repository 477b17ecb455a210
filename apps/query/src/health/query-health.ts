import { postgresProbe } from '@assay/database';
import { Health, type Logger, type PartView, type PartWatch } from '@assay/telemetry';
import type { QueryConfig } from '../query.config.js';
import { serviceProbe } from './service-probe.js';

/** They answer from memory; and what they tell is up to 5 s old already. */
const SERVICE_EVERY_MS = 1_000;

export interface QueryHealth {
  readonly health: Health;
  readonly postgres: PartWatch;
}

/** Everything that can be seen from here: PostgreSQL, the services named, and Kafka as ingest sees it. */
export function watchAll({ databaseUrl: url, healthUrls }: QueryConfig, logger: Logger): QueryHealth {
  const health = new Health('query', logger);
  const postgres = health.watch(
    'postgres',
    postgresProbe({ url, applicationName: 'assay-query', reads: true }),
  );
  const services = Object.entries(healthUrls).map(([name, address]) => {
    const probe = serviceProbe(address);
    health.watch(name, probe, SERVICE_EVERY_MS);
    return probe;
  });
  health.alsoSees(() => kafkaAsSeenBy(services.map(({ parts }) => parts)));
  return { health, postgres };
}

/** The first that tells of it, one that misses it before others. */
function kafkaAsSeenBy(views: readonly Readonly<Record<string, PartView>>[]): Record<string, PartView> {
  const told = views.flatMap(({ kafka }) => kafka ?? []);
  const kafka = told.find(({ ok }) => !ok) ?? told[0];
  return kafka ? { kafka } : {};
}

import { randomUUID } from 'node:crypto';
import { openDatabase, postgresProbe, type OpenDatabase } from '@assay/database';
import {
  createTransport,
  expressFirst,
  PermitDesk,
  postgresAnswers,
  postgresBreakers,
  postgresPermits,
  shareAnswers,
  SharedBreakers,
  SharedReplies,
  WorkerBeat,
  type GiveWay,
  type SharedAnswers,
  type Transport,
} from '@assay/fetching';
import { brokerProbe, createPublisher, type Publisher } from '@assay/messaging';
import { Health, type Logger } from '@assay/telemetry';
import { SubmissionControl } from './control.js';
import type { FetcherConfig } from './fetcher.config.js';
import { Housekeeping } from './housekeeping.js';
import { ProviderStates } from './provider-states.js';
import { ProviderStats } from './provider-stats.js';

/** What the providers of a process share. */
export interface Parts {
  readonly config: FetcherConfig;
  readonly logger: Logger;
  /** Name of this process wherever its doings are written down; new at each start. */
  readonly worker: string;
  readonly health: Health;
  readonly database: OpenDatabase;
  readonly publisher: Publisher;
  readonly transport: Transport;
  readonly states: ProviderStates;
  readonly stats: ProviderStats;
  readonly beat: WorkerBeat;
  readonly housekeeping: Housekeeping;
  readonly control: SubmissionControl;
  readonly answers: SharedAnswers;
  readonly shared: SharedReplies;
  readonly giveWay: GiveWay;
  readonly permits: PermitDesk;
  readonly breakers: SharedBreakers;
}

const NAME = 'assay-fetcher';

export async function openParts(config: FetcherConfig, logger: Logger): Promise<Parts> {
  const { brokers, databaseUrl: url, poolSize, sessionTimeoutMs: deadAfterMs } = config;
  const worker = randomUUID();
  const health = new Health('fetcher', logger);
  const postgres = health.watch('postgres', postgresProbe({ url, applicationName: NAME }));
  const kafka = health.watch('kafka', brokerProbe({ brokers, clientId: NAME }));
  const database = await openDatabase({ url, poolSize, applicationName: NAME }, postgres);
  const control = new SubmissionControl(database, logger);
  const providers = config.providers.map(({ id }) => id);
  const beat = new WorkerBeat(database, { worker, providers, deadAfterMs });
  await Promise.all([control.start(), beat.start()]);
  return {
    config,
    logger,
    worker,
    health,
    database,
    control,
    beat,
    housekeeping: new Housekeeping(database, logger),
    answers: shareAnswers(postgresAnswers(database, worker), Date.now, beat),
    giveWay: expressFirst(),
    permits: new PermitDesk(postgresPermits(database)),
    breakers: new SharedBreakers(postgresBreakers(database, worker), logger),
    shared: new SharedReplies(),
    publisher: await createPublisher({ brokers, clientId: NAME, logger, part: kafka }),
    transport: createTransport({
      userAgent: config.userAgent,
      ...(config.lead ? { lead: config.lead } : {}),
    }),
    states: new ProviderStates(database, worker, logger),
    stats: new ProviderStats({ database, worker, logger, now: Date.now }),
  };
}

export async function closeParts(parts: Parts): Promise<void> {
  const { control, states, stats, beat, housekeeping, publisher, transport, database, health } = parts;
  housekeeping.stop();
  await control.stop();
  await publisher.close();
  await transport.close();
  await Promise.all([states.withdraw(), stats.stop(), beat.stop()]).catch(() => undefined);
  await Promise.all([database.close(), health.close()]);
}

import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createTransport,
  expressFirst,
  postgresAnswers,
  shareAnswers,
  SharedReplies,
  type GiveWay,
  type SharedAnswers,
  type Transport,
} from '@assay/fetching';
import { createPublisher, type Publisher } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import { SubmissionControl } from './control.js';
import type { FetcherConfig } from './fetcher.config.js';
import { ProviderStates } from './provider-states.js';

/** What the providers of a process share. */
export interface Parts {
  readonly config: FetcherConfig;
  readonly logger: Logger;
  /** Name of this process wherever its doings are written down; new at each start. */
  readonly worker: string;
  readonly database: OpenDatabase;
  readonly publisher: Publisher;
  readonly transport: Transport;
  readonly states: ProviderStates;
  readonly control: SubmissionControl;
  readonly answers: SharedAnswers;
  readonly shared: SharedReplies;
  readonly giveWay: GiveWay;
}

export async function openParts(config: FetcherConfig, logger: Logger): Promise<Parts> {
  const { brokers, databaseUrl: url, poolSize } = config;
  const worker = randomUUID();
  const database = await openDatabase({ url, poolSize, applicationName: 'assay-fetcher' });
  const control = new SubmissionControl(database, logger);
  await control.start();
  return {
    config,
    logger,
    worker,
    database,
    control,
    answers: shareAnswers(postgresAnswers(database, worker)),
    giveWay: expressFirst(),
    shared: new SharedReplies(),
    publisher: await createPublisher({ brokers, clientId: 'assay-fetcher', logger }),
    transport: createTransport({
      userAgent: config.userAgent,
      ...(config.lead ? { lead: config.lead } : {}),
    }),
    states: new ProviderStates(database, worker, logger),
  };
}

export async function closeParts({ control, states, publisher, transport, database }: Parts): Promise<void> {
  await control.stop();
  await publisher.close();
  await transport.close();
  await states.withdraw().catch(() => undefined);
  await database.close();
}

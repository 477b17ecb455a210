import { Module, type DynamicModule } from '@nestjs/common';
import { openDatabase, SubmissionEntity, type Database, type OpenDatabase } from '@assay/database';
import { createPublisher, type Publisher } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import { checkTables, unreachable } from './check-tables.js';
import { ControlSubmission } from './control-submission.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { HealthController } from './health.controller.js';
import { Housekeeping } from './housekeeping.js';
import type { IngestConfig } from './ingest.config.js';
import { askedInRoundOne } from './plan-asks.js';
import { PlanSubmission } from './plan/plan-submission.js';
import { ProblemFilter } from './problem.filter.js';
import { reconcileProviders } from './reconcile/reconcile-providers.js';
import { RetrySubmission } from './retry/retry-submission.js';
import { SetCeilings } from './set-ceilings.js';
import { SubmissionsController } from './submissions.controller.js';
import { SubmitUrls } from './submit-urls.js';
import { CONFIG, DATABASE, LOGGER, PUBLISHER } from './tokens.js';

type RetryParts = [Database, Dispatcher, Logger];

/** The wiring: REST → spool → dispatcher → url.submitted. */
@Module({})
export class IngestModule {
  static of(config: IngestConfig, logger: Logger): DynamicModule {
    return {
      module: IngestModule,
      controllers: [SubmissionsController, HealthController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: DATABASE, inject: [CONFIG], useFactory: openChecked },
        { provide: PUBLISHER, inject: [CONFIG, LOGGER, DATABASE], useFactory: openPublisher },
        { provide: Dispatcher, inject: [CONFIG, LOGGER, DATABASE, PUBLISHER], useFactory: createDispatcher },
        ...reconcileProviders,
        {
          provide: SubmitUrls,
          inject: [CONFIG, DATABASE, Dispatcher, LOGGER],
          useFactory: (...parts: ConstructorParameters<typeof SubmitUrls>) => new SubmitUrls(...parts),
        },
        {
          provide: ControlSubmission,
          inject: [DATABASE, Dispatcher],
          useFactory: (...parts: ConstructorParameters<typeof ControlSubmission>) =>
            new ControlSubmission(...parts),
        },
        {
          provide: PlanSubmission,
          inject: [CONFIG, DATABASE],
          useFactory: (...parts: ConstructorParameters<typeof PlanSubmission>) =>
            new PlanSubmission(...parts),
        },
        {
          provide: SetCeilings,
          inject: [CONFIG, DATABASE],
          useFactory: (...parts: ConstructorParameters<typeof SetCeilings>) => new SetCeilings(...parts),
        },
        {
          provide: RetrySubmission,
          inject: [CONFIG, DATABASE, Dispatcher, LOGGER],
          useFactory: ({ registry }: IngestConfig, ...parts: RetryParts) =>
            new RetrySubmission(registry, ...parts),
        },
        {
          provide: Housekeeping,
          inject: [DATABASE, LOGGER],
          useFactory: (...parts: ConstructorParameters<typeof Housekeeping>) => new Housekeeping(...parts),
        },
        ProblemFilter,
      ],
    };
  }
}

async function openChecked(config: IngestConfig): Promise<OpenDatabase> {
  const database = await openDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: 'assay-ingest',
    entities: [SubmissionEntity],
  }).catch((error: unknown) => {
    throw unreachable(config.databaseUrl, error);
  });
  await checkTables(database);
  return database;
}

/** After the database, so that one missing part is told at a time. */
function openPublisher(config: IngestConfig, logger: Logger): Promise<Publisher> {
  return createPublisher({ brokers: config.brokers, clientId: 'assay-ingest', logger });
}

function createDispatcher(
  config: IngestConfig,
  logger: Logger,
  database: Database,
  publisher: Publisher,
): Dispatcher {
  const parts = { database, publisher, logger, roundOneAsks: askedInRoundOne(config.registry) };
  return new Dispatcher({ ...parts, settings: config.dispatch });
}

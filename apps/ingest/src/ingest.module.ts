import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import {
  openDatabase,
  postgresProbe,
  SubmissionEntity,
  type Database,
  type OpenDatabase,
} from '@assay/database';
import { brokerProbe, createPublisher, type Publisher } from '@assay/messaging';
import { Health, type Logger, type PartWatch } from '@assay/telemetry';
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
import { longestRowMs } from './submission-settings.js';
import { SubmissionsController } from './submissions.controller.js';
import { SubmitUrls } from './submit-urls.js';
import { CONFIG, DATABASE, HEALTH, KAFKA, LOGGER, POSTGRES, PUBLISHER } from './tokens.js';

type RetryParts = [Database, Dispatcher, Logger];

/** What may be asked of a list that is there. */
const orders = [
  {
    provide: ControlSubmission,
    inject: [DATABASE, Dispatcher],
    useFactory: (...parts: ConstructorParameters<typeof ControlSubmission>) =>
      new ControlSubmission(...parts),
  },
  {
    provide: PlanSubmission,
    inject: [CONFIG, DATABASE],
    useFactory: (...parts: ConstructorParameters<typeof PlanSubmission>) => new PlanSubmission(...parts),
  },
  {
    provide: SetCeilings,
    inject: [CONFIG, DATABASE],
    useFactory: (...parts: ConstructorParameters<typeof SetCeilings>) => new SetCeilings(...parts),
  },
  {
    provide: RetrySubmission,
    inject: [CONFIG, DATABASE, Dispatcher, LOGGER],
    useFactory: ({ registry }: IngestConfig, ...parts: RetryParts) => new RetrySubmission(registry, ...parts),
  },
];

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
        ...outerParts(logger),
        {
          provide: Dispatcher,
          inject: [CONFIG, LOGGER, DATABASE, PUBLISHER, KAFKA],
          useFactory: createDispatcher,
        },
        ...reconcileProviders,
        {
          provide: SubmitUrls,
          inject: [CONFIG, DATABASE, Dispatcher, LOGGER, POSTGRES, PUBLISHER],
          useFactory: (...parts: ConstructorParameters<typeof SubmitUrls>) => new SubmitUrls(...parts),
        },
        ...orders,
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

const NAME = 'assay-ingest';
/** The end of a list of a million lines, and its plan, are single statements. */
const STATEMENT_MS = 5 * 60_000;

/** PostgreSQL and Kafka, and what watches them. */
function outerParts(logger: Logger): Provider[] {
  return [
    { provide: HEALTH, useFactory: () => new Health('ingest', logger) },
    { provide: POSTGRES, inject: [CONFIG, HEALTH], useFactory: watchPostgres },
    { provide: KAFKA, inject: [CONFIG, HEALTH], useFactory: watchKafka },
    { provide: DATABASE, inject: [CONFIG, POSTGRES], useFactory: openChecked },
    { provide: PUBLISHER, inject: [CONFIG, LOGGER, KAFKA, DATABASE], useFactory: openPublisher },
  ];
}

function watchPostgres({ databaseUrl: url }: IngestConfig, health: Health): PartWatch {
  return health.watch('postgres', postgresProbe({ url, applicationName: NAME }));
}

function watchKafka({ brokers }: IngestConfig, health: Health): PartWatch {
  return health.watch('kafka', brokerProbe({ brokers, clientId: NAME }));
}

async function openChecked(config: IngestConfig, part: PartWatch): Promise<OpenDatabase> {
  const { databaseUrl: url, poolSize } = config;
  const entities = [SubmissionEntity];
  const settings = { url, poolSize, applicationName: NAME, statementMs: STATEMENT_MS, entities };
  const database = await openDatabase(settings, part).catch((error: unknown) => {
    throw unreachable(config.databaseUrl, error);
  });
  await checkTables(database);
  return database;
}

/** After the database, so that one missing part is told at a time. */
function openPublisher(config: IngestConfig, logger: Logger, part: PartWatch): Promise<Publisher> {
  const { brokers, defaults } = config;
  return createPublisher({ brokers, clientId: NAME, logger, part, longestRowMs: longestRowMs(defaults) });
}

function createDispatcher(
  config: IngestConfig,
  logger: Logger,
  database: Database,
  publisher: Publisher,
  kafka: PartWatch,
): Dispatcher {
  return new Dispatcher({
    database,
    publisher,
    kafka,
    settings: config.dispatch,
    logger,
    roundOneAsks: askedInRoundOne(config.registry),
  });
}

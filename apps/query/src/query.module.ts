import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { databaseOf, dataSourceOptions } from '@assay/database';
import type { Registry } from '@assay/providers';
import type { Logger } from '@assay/telemetry';
import { CostReader } from './cost/cost-reader.js';
import { CostController } from './cost/cost.controller.js';
import { EventsController } from './events/events.controller.js';
import { SubmissionFeed } from './events/submission-feed.js';
import { WindowReader } from './events/window-reader.js';
import { ExportController } from './export/export.controller.js';
import { HealthController } from './health/health.controller.js';
import type { QueryHealth } from './health/query-health.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsText } from './metrics/metrics-text.js';
import { HealthReader } from './providers/health-reader.js';
import { ProviderReader } from './providers/provider-reader.js';
import { ProvidersController } from './providers/providers.controller.js';
import type { QueryConfig } from './query.config.js';
import { RowReader } from './rows/row-reader.js';
import { RowsController } from './rows/rows.controller.js';
import { StuckController } from './stuck/stuck.controller.js';
import { StuckReader } from './stuck/stuck-reader.js';
import { SubmissionReader } from './submissions/submission-reader.js';
import { SubmissionsController } from './submissions/submissions.controller.js';
import { CONFIG, DATABASE, HEALTH, LOGGER, POSTGRES, PULSE_DATABASE, REGISTRY } from './tokens.js';

/** Reads everything, owns nothing. */
@Module({})
export class QueryModule {
  static with(
    config: QueryConfig,
    registry: Registry,
    { health, postgres }: QueryHealth,
    logger: Logger,
  ): DynamicModule {
    const { databaseUrl: url, poolSize } = config;
    return {
      module: QueryModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions({ url, poolSize, applicationName: 'assay-query' }),
          // The supervisor starts it again; five seconds bridge a database that starts at the same time.
          retryAttempts: 5,
          retryDelay: 1_000,
        }),
      ],
      controllers: [
        SubmissionsController,
        RowsController,
        StuckController,
        CostController,
        ExportController,
        EventsController,
        ProvidersController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: REGISTRY, useValue: registry },
        { provide: LOGGER, useValue: logger },
        { provide: HEALTH, useValue: health },
        { provide: POSTGRES, useValue: postgres },
        { provide: DATABASE, useFactory: databaseOf, inject: [getDataSourceToken(), POSTGRES] },
        { provide: PULSE_DATABASE, useFactory: databaseOf, inject: [getDataSourceToken()] },
        SubmissionReader,
        RowReader,
        StuckReader,
        CostReader,
        WindowReader,
        SubmissionFeed,
        HealthReader,
        ProviderReader,
        MetricsText,
      ],
    };
  }
}

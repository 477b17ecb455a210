import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { openDatabase, ServicePulse, type OpenDatabase } from '@assay/database';
import { createPublisher, WindowedKafkaStrategy, type Publisher } from '@assay/messaging';
import { nestLogger, type Logger, type RunningService } from '@assay/telemetry';
import { askCatalogue } from './ask-catalogue.js';
import type { JoinerConfig } from './joiner.config.js';
import { JoinerModule } from './joiner.module.js';
import { RowLanes } from './row-lanes.js';
import { Sweep } from './sweep.js';

/** Messages in flight per lane: more than one flush holds, so that the next gathers meanwhile. */
const WINDOW = { express: 500, bulk: 1_000 };

/** `send` lets a test stand between the joiner and the broker. */
export async function startJoiner(
  config: JoinerConfig,
  logger: Logger,
  send: (publisher: Publisher) => Pick<Publisher, 'publish'> = (publisher) => publisher,
): Promise<RunningService> {
  const database = await openDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: 'assay-joiner',
  });
  const publisher = await createPublisher({ brokers: config.brokers, clientId: 'assay-joiner', logger });
  const strategy = createStrategy(config, publisher, logger);
  const rows = new RowLanes({
    database,
    publisher: send(publisher),
    catalogue: askCatalogue(config.registry),
    bulkFlushMs: config.bulkFlushMs,
    clock: Date.now,
  });
  strategy.onAssigned(() => rows.forget());
  const app = await NestFactory.createMicroservice(JoinerModule.of(rows), {
    strategy,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  await app.listen();
  const sweep = new Sweep({
    database,
    positions: strategy,
    logger,
    everyMs: config.sweepMs,
    work: (lane, work) => rows.add(lane, work),
  });
  sweep.start();
  const pulse = new ServicePulse(database, {
    service: 'joiner',
    logger,
    takeExpressFlushMs: () => rows.takeExpressFlushMs(),
  });
  pulse.start();
  const gauges = rows.measure();
  return {
    stop: async () => {
      for (const end of gauges) end();
      await pulse.stop();
      await stopAll(sweep, app, publisher, database);
    },
  };
}

function createStrategy(config: JoinerConfig, publisher: Publisher, logger: Logger): WindowedKafkaStrategy {
  return new WindowedKafkaStrategy({
    brokers: config.brokers,
    group: 'joiner',
    messages: ['url.submitted', 'metric.round1', 'metric.round2'],
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    publisher,
    logger,
  });
}

async function stopAll(
  sweep: Sweep,
  app: { close(): Promise<void> },
  publisher: Publisher,
  database: OpenDatabase,
): Promise<void> {
  await sweep.stop();
  await app.close();
  await publisher.close();
  await database.close();
}

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { openDatabase, postgresProbe, ServicePulse, type OpenDatabase } from '@assay/database';
import { brokerProbe, createPublisher, WindowedKafkaStrategy, type Publisher } from '@assay/messaging';
import { Health, nestLogger, serveHealth, type Logger, type RunningService } from '@assay/telemetry';
import { askCatalogue } from './ask-catalogue.js';
import type { JoinerConfig } from './joiner.config.js';
import { JoinerModule } from './joiner.module.js';
import { RowLanes } from './row-lanes.js';
import { Sweep } from './sweep.js';

const NAME = 'assay-joiner';
/** Messages in flight per lane: more than one flush holds, so that the next gathers meanwhile. */
const WINDOW = { express: 500, bulk: 1_000 };

/** `send` lets a test stand between the joiner and the broker. */
export async function startJoiner(
  config: JoinerConfig,
  logger: Logger,
  send: (publisher: Publisher) => Pick<Publisher, 'publish'> = (publisher) => publisher,
): Promise<RunningService> {
  const { databaseUrl: url, poolSize, brokers } = config;
  const health = new Health('joiner', logger);
  const postgres = health.watch('postgres', postgresProbe({ url, applicationName: NAME }));
  const kafka = health.watch('kafka', brokerProbe({ brokers, clientId: NAME }));
  const database = await openDatabase({ url, poolSize, applicationName: NAME }, postgres);
  const publisher = await createPublisher({ brokers, clientId: NAME, logger, part: kafka });
  const strategy = createStrategy(config, publisher, health, logger);
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
  health.start();
  const server = await serveHealth(health, config.healthPort, config.host);
  const endPulse = startPulse(database, rows, logger);
  return {
    stop: async () => {
      server?.close();
      await endPulse();
      await stopAll(sweep, app, publisher, database);
      await health.close();
    },
  };
}

/** Says how this process is, from now on until what it returns is called. */
function startPulse(database: OpenDatabase, rows: RowLanes, logger: Logger): () => Promise<void> {
  const pulse = new ServicePulse(database, {
    service: 'joiner',
    logger,
    takeExpressFlushMs: () => rows.takeExpressFlushMs(),
  });
  pulse.start();
  const gauges = rows.measure();
  return () => {
    for (const end of gauges) end();
    return pulse.stop();
  };
}

function createStrategy(
  config: JoinerConfig,
  publisher: Publisher,
  health: Health,
  logger: Logger,
): WindowedKafkaStrategy {
  return new WindowedKafkaStrategy({
    brokers: config.brokers,
    group: 'joiner',
    messages: ['url.submitted', 'metric.round1', 'metric.round2'],
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    publisher,
    logger,
    health,
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

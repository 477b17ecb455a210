import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { openDatabase, ServicePulse } from '@assay/database';
import { createPublisher, WindowedKafkaStrategy } from '@assay/messaging';
import { nestLogger, type Logger, type RunningService } from '@assay/telemetry';
import type { StoreConfig } from './store.config.js';
import { StoreLanes, WINDOW } from './store-lanes.js';
import { StoreModule } from './store.module.js';

export async function startStore(config: StoreConfig, logger: Logger): Promise<RunningService> {
  const database = await openDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    applicationName: 'assay-store',
  });
  const publisher = await createPublisher({ brokers: config.brokers, clientId: 'assay-store', logger });
  const strategy = new WindowedKafkaStrategy({
    brokers: config.brokers,
    group: 'store',
    messages: ['url.submitted', 'row.joined'],
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    publisher,
    logger,
  });
  const rows = new StoreLanes({ database, bulkFlushMs: config.bulkFlushMs, clock: Date.now });
  const app = await NestFactory.createMicroservice(StoreModule.of(rows), {
    strategy,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  await app.listen();
  const pulse = new ServicePulse(database, {
    service: 'store',
    logger,
    takeExpressFlushMs: () => rows.takeExpressFlushMs(),
  });
  pulse.start();
  const gauges = rows.measure();
  return {
    stop: async () => {
      for (const end of gauges) end();
      await pulse.stop();
      await app.close();
      await publisher.close();
      await database.close();
    },
  };
}

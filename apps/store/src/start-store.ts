import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { openDatabase, postgresProbe, ServicePulse } from '@assay/database';
import { brokerProbe, createPublisher, WindowedKafkaStrategy } from '@assay/messaging';
import { Health, nestLogger, serveHealth, type Logger, type RunningService } from '@assay/telemetry';
import type { StoreConfig } from './store.config.js';
import { StoreLanes, WINDOW } from './store-lanes.js';
import { StoreModule } from './store.module.js';

const NAME = 'assay-store';

export async function startStore(config: StoreConfig, logger: Logger): Promise<RunningService> {
  const { databaseUrl: url, poolSize, brokers } = config;
  const health = new Health('store', logger);
  const postgres = health.watch('postgres', postgresProbe({ url, applicationName: NAME }));
  const kafka = health.watch('kafka', brokerProbe({ brokers, clientId: NAME }));
  const database = await openDatabase({ url, poolSize, applicationName: NAME }, postgres);
  const publisher = await createPublisher({ brokers, clientId: NAME, logger, part: kafka });
  const strategy = new WindowedKafkaStrategy({
    brokers,
    group: 'store',
    messages: ['url.submitted', 'row.joined'],
    window: WINDOW,
    sessionTimeoutMs: config.sessionTimeoutMs,
    publisher,
    logger,
    health,
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
  health.start();
  const server = await serveHealth(health, config.healthPort, config.host);
  return {
    stop: async () => {
      server?.close();
      for (const end of gauges) end();
      await pulse.stop();
      await app.close();
      await publisher.close();
      await Promise.all([database.close(), health.close()]);
    },
  };
}

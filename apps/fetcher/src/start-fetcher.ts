import 'reflect-metadata';
import { ServicePulse } from '@assay/database';
import { serveHealth, type Logger, type RunningService } from '@assay/telemetry';
import type { FetcherConfig } from './fetcher.config.js';
import { measureParts } from './fetcher-gauges.js';
import { closeParts, openParts } from './fetcher-parts.js';
import { closeCounter, openCounter } from './open-counter.js';

export async function startFetcher(config: FetcherConfig, logger: Logger): Promise<RunningService> {
  const parts = await openParts(config, logger);
  const counters = await Promise.all(config.providers.map((provider) => openCounter(provider, parts)));
  parts.stats.start();
  parts.housekeeping.start();
  const pulse = new ServicePulse(parts.database, { service: 'fetcher', logger });
  pulse.start();
  const gauges = measureParts(parts);
  parts.health.start();
  const server = await serveHealth(parts.health, config.healthPort, config.host);
  return {
    stop: async () => {
      server?.close();
      for (const end of gauges) end();
      await pulse.stop();
      await Promise.all(counters.map(closeCounter));
      await closeParts(parts);
    },
  };
}

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ServicePulse, type OpenDatabase } from '@assay/database';
import type { GroupPositions, Publisher } from '@assay/messaging';
import { nestLogger, type Health, type Logger, type RunningService } from '@assay/telemetry';
import { Dispatcher } from './dispatch/dispatcher.js';
import { Housekeeping } from './housekeeping.js';
import { boundConnections, measureIngest, MOST_CONNECTIONS } from './ingest-gauges.js';
import type { IngestConfig } from './ingest.config.js';
import { IngestModule } from './ingest.module.js';
import { PlanSubmission } from './plan/plan-submission.js';
import { ProblemFilter } from './problem.filter.js';
import { Reconciler } from './reconcile/reconciler.js';
import { SubmitUrls } from './submit-urls.js';
import { DATABASE, HEALTH, POSITIONS, PUBLISHER } from './tokens.js';

export interface RunningIngest extends RunningService {
  /** Where it listens. */
  readonly url: string;
}

export async function startIngest(config: IngestConfig, logger: Logger): Promise<RunningIngest> {
  const app = await NestFactory.create<NestFastifyApplication>(
    IngestModule.of(config, logger),
    new FastifyAdapter({ requestTimeout: 0 }),
    { bodyParser: false, logger: nestLogger(logger), abortOnError: false },
  );
  passBodiesThrough(app);
  app.useGlobalFilters(app.get(ProblemFilter));
  const connections = boundConnections(app.getHttpServer(), MOST_CONNECTIONS);
  await app.listen(config.port, config.host);
  app.get(Dispatcher).start();
  app.get(Reconciler).start();
  app.get(Housekeeping).start();
  app.get<Health>(HEALTH).start();
  const gauges = measureIngest({
    urls: app.get(SubmitUrls),
    dispatcher: app.get(Dispatcher),
    plans: app.get(PlanSubmission),
    uploadsAtOnce: config.uploadsAtOnce,
    connections,
  });
  const pulse = new ServicePulse(app.get<OpenDatabase>(DATABASE), { service: 'ingest', logger });
  pulse.start();
  const stop = async () => {
    for (const end of gauges) end();
    await pulse.stop();
    await stopIngest(app);
  };
  return { url: await app.getUrl(), stop };
}

/** Bodies of any type reach the controller as the stream they are. */
function passBodiesThrough(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, _body, done) => done(null));
}

async function stopIngest(app: NestFastifyApplication): Promise<void> {
  app.get(Housekeeping).stop();
  app.get(SubmitUrls).cutUploads();
  await Promise.all([app.get(Dispatcher).stop(), app.get(Reconciler).stop()]);
  await app.get<GroupPositions>(POSITIONS).close();
  await app.get<Publisher>(PUBLISHER).close();
  await app.close();
  await Promise.all([app.get<OpenDatabase>(DATABASE).close(), app.get<Health>(HEALTH).close()]);
}

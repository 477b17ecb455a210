import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenDatabase } from '@assay/database';
import type { GroupPositions, Publisher } from '@assay/messaging';
import { nestLogger, type Health, type Logger, type RunningService } from '@assay/telemetry';
import { Dispatcher } from './dispatch/dispatcher.js';
import { Housekeeping } from './housekeeping.js';
import type { IngestConfig } from './ingest.config.js';
import { IngestModule } from './ingest.module.js';
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
  await app.listen(config.port, config.host);
  app.get(Dispatcher).start();
  app.get(Reconciler).start();
  app.get(Housekeeping).start();
  app.get<Health>(HEALTH).start();
  const url = await app.getUrl();
  return { url, stop: () => stopIngest(app) };
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

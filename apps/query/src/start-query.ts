import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ServicePulse, type Database } from '@assay/database';
import { builtInProviders, loadRegistry, type Registry } from '@assay/providers';
import { nestLogger, type Logger, type PartWatch, type RunningService } from '@assay/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SubmissionFeed } from './events/submission-feed.js';
import { watchAll } from './health/query-health.js';
import { Admission } from './http/admission.js';
import { databaseAway } from './http/problem.js';
import { passWritesOn } from './http/pass-on.js';
import { ProblemFilter, sendProblem } from './http/problem.filter.js';
import { addSecurity } from './http/security.js';
import { servePage } from './http/serve-page.js';
import { apiDocument } from './openapi/document.js';
import type { QueryConfig } from './query.config.js';
import { PULSE_DATABASE, REGISTRY } from './tokens.js';
import { QueryModule } from './query.module.js';

export interface RunningQuery extends RunningService {
  /** Where it listens: `http://127.0.0.1:3000` */
  readonly url: string;
}

/** Downloads and uploads in hand may finish for this long when the service stops. */
const FINISH_WITHIN_MS = 5_000;

/** Listens when it resolves. `given` takes the place of the configured providers. */
export async function startQuery(
  config: QueryConfig,
  logger: Logger,
  given?: Registry,
): Promise<RunningQuery> {
  const registry = given ?? (await loadRegistry(config.registrySource, builtInProviders));
  const { health, postgres } = watchAll(config, logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    QueryModule.with(config, registry, { health, postgres }, logger),
    adapter(logger),
    // No route here reads a body: those of writes are passed on as streams.
    { logger: nestLogger(logger), bodyParser: false, abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(logger));
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  addSecurity(fastify);
  refuseWhileAway(fastify, postgres);
  const admission = new Admission();
  admission.guard(fastify);
  await fastify.register(async (scope) => {
    // Nest sets its own later, which what is registered by then does not inherit.
    scope.setErrorHandler((error, request, reply) => sendProblem(logger, error, request, reply));
    await passWritesOn(scope, config.ingestUrl, logger);
    await servePage(scope, config.webFolder);
    serveDocument(app, scope);
  });
  await app.listen(config.port, config.host);
  health.start();
  const url = await app.getUrl();
  logger.info({ url, ingest: config.ingestUrl }, 'page and API are served');
  const gauges = [...admission.measure(), ...app.get(SubmissionFeed).measure()];
  const pulse = new ServicePulse(app.get<Database>(PULSE_DATABASE), { service: 'query', logger });
  pulse.start();
  return {
    url,
    stop: async () => {
      for (const end of gauges) end();
      await pulse.stop();
      await stop(app);
      await health.close();
    },
  };
}

/** While PostgreSQL is known to be away nobody waits for a connection to it only to hear so. */
function refuseWhileAway(fastify: FastifyInstance, postgres: PartWatch): void {
  fastify.addHook('onRequest', (request, _reply, done) =>
    request.method === 'GET' && request.url.startsWith('/v1/') && !postgres.answers
      ? done(databaseAway())
      : done(),
  );
}

function adapter(logger: Logger): FastifyAdapter {
  return new FastifyAdapter({
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(logger, error, request, reply),
  });
}

/** Put together at the first request, when all routes are known. */
function serveDocument(app: NestFastifyApplication, fastify: FastifyInstance): void {
  let document: string | undefined;
  fastify.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(apiDocument(app, app.get<Registry>(REGISTRY)));
    return reply.header('content-type', 'application/json; charset=utf-8').send(document);
  });
}

async function stop(app: NestFastifyApplication): Promise<void> {
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), FINISH_WITHIN_MS);
  await app.close().finally(() => clearTimeout(cut));
}

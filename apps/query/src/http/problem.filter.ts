import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@assay/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemFor, problemOf } from './problem.js';

/** Every error of every route, of Fastify itself too, leaves as problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const context = host.switchToHttp();
    sendProblem(this.logger, error, context.getRequest(), context.getResponse());
  }
}

export function sendProblem(logger: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemFor(error);
  if (problem.status >= 500) logger.warn({ err: error, path: request.url.slice(0, 200) }, problem.detail);
  if (reply.sent) return;
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  void reply
    .code(problem.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemOf(problem.status, problem.detail)));
}

import proxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy';
import type { Logger } from '@assay/telemetry';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PROBLEM_TYPE, ProblemError, problemOf } from './problem.js';

/** A list of a million lines is answered only when all of it is committed. */
const ANSWER_WITHIN_MS = 10 * 60_000;
const RETRY_AFTER_S = 5;

/**
 * Hands every write under /v1, and plans, on to ingest: bodies as streams in both directions, status and headers
 * kept. An upload cut off here is cut off there.
 */
export async function passWritesOn(
  fastify: FastifyInstance,
  ingestUrl: string,
  logger: Logger,
): Promise<void> {
  // A parser of the parent wins over the proxy's own and would read text into memory, up to 1 MB.
  fastify.removeAllContentTypeParsers();
  const toIngest = (prefix: string, httpMethods: string[]): FastifyHttpProxyOptions => ({
    upstream: ingestUrl,
    prefix,
    rewritePrefix: prefix,
    httpMethods,
    disableRequestLogging: true,
    undici: { headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: ANSWER_WITHIN_MS, connectTimeout: 2_000 },
    replyOptions: {
      // Node has answered `Expect: 100-continue` already, and the client underneath refuses to repeat it.
      rewriteRequestHeaders: (_request, { expect: _expect, ...headers }) => headers,
      // About the connection to ingest, not about this one.
      rewriteHeaders: ({ connection: _connection, 'keep-alive': _keepAlive, ...headers }) => headers,
      onError: (reply, { error }) => sendFailure(reply as FastifyReply, error, logger),
    },
  });
  await fastify.register(proxy, toIngest('/v1', ['POST', 'PUT', 'PATCH', 'DELETE']));
  // A plan is computed where the list is spooled.
  await fastify.register(proxy, toIngest('/v1/submissions/:id/plan', ['GET']));
}

function sendFailure(reply: FastifyReply, error: Error, logger: Logger): void {
  const problem = failureOf(error);
  logger.warn({ err: error }, problem.detail);
  void reply
    .code(problem.status)
    .header('content-type', PROBLEM_TYPE)
    .header('retry-after', String(problem.retryAfter))
    .send(JSON.stringify(problemOf(problem.status, problem.detail)));
}

const NEVER_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a failed hand-over means to the one who sent it. */
export function failureOf(error: Error): ProblemError {
  const code = codeOf(error);
  if (NEVER_REACHED.has(code))
    return new ProblemError(
      503,
      'Ingest, which takes lists, is not running or not reachable. Nothing was taken: send it again in a few seconds.',
      RETRY_AFTER_S,
    );
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return new ProblemError(
      504,
      'Ingest did not answer in time. It may still finish: look at GET /v1/submissions before sending again.',
      60,
    );
  return new ProblemError(
    502,
    'The connection to ingest broke. It may have taken what arrived: look at GET /v1/submissions before sending again.',
    RETRY_AFTER_S,
  );
}

/** The code stands on the error, on its cause, or, where several addresses were tried, on each of its errors. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
  const own = typeof code === 'string' && !code.startsWith('FST_') ? code : '';
  return own || (cause ? codeOf(cause) : '') || (errors?.length ? codeOf(errors[0]) : '');
}

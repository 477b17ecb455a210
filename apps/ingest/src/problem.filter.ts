import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@assay/telemetry';
import type { FastifyReply, FastifyRequest } from './fastify-types.js';
import { CONTENT_TYPES } from './lines/content-kind.js';
import { UploadCut } from './lines/read-body.js';
import { problemOf, Refusal } from './problem.js';
import { LOGGER } from './tokens.js';
import { SpoolLost } from './spool/spool.js';
import { RETRY_AFTER_S, unavailableWords } from './unavailable.js';

const NOT_KEPT =
  'The body stopped coming before its end, or came by a few bytes a second; nothing was kept. Send it again.';

/** How long a refused upload may go on sending before its connection is closed. */
const LINGER_MS = 5_000;

/** Every answer that is not a success, as RFC 9457 problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (error instanceof UploadCut && error.by === 'lost') {
      request.raw.socket.destroy();
      return;
    }
    const [status, detail] = this.read(error);
    if (!request.raw.complete) {
      // Nothing may come on this connection after the rest of the body.
      void reply.header('connection', 'close');
      endUpload(request);
    }
    if (status === 503) void reply.header('retry-after', String(RETRY_AFTER_S));
    void reply
      .status(status)
      .header('content-type', 'application/problem+json')
      .send(problemOf(status, detail));
  }

  private read(error: unknown): [status: number, detail: string] {
    if (error instanceof Refusal) return [error.status, error.detail];
    if (error instanceof UploadCut) return [408, NOT_KEPT];
    if (error instanceof HttpException)
      return [error.getStatus(), wordsFor(error.getStatus(), error.message)];
    const status = (error as { statusCode?: unknown }).statusCode;
    if (typeof status === 'number' && status >= 400 && status < 500)
      return [status, (error as Error).message];
    const words = unavailableWords(error) ?? (error instanceof SpoolLost ? LOST : undefined);
    this.logger.error({ err: error }, words ?? 'a request failed');
    if (words) return [503, words];
    return [500, 'This is a fault of the service; nothing was kept. Its log says more.'];
  }
}

/** What fastify refuses before our code sees it. */
function wordsFor(status: number, message: string): string {
  return status === 415 ? `The content-type header cannot be read. ${CONTENT_TYPES}` : message;
}

/** A refused body is read on and thrown away for a moment: closing at once would lose the answer. */
function endUpload(request: FastifyRequest): void {
  request.raw.resume();
  request.raw.on('error', () => undefined);
  const { socket } = request.raw;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  request.raw.once('end', () => clearTimeout(timer));
}

const LOST =
  'It took so long that it was cleared away as left over; nothing was kept. Send it again in a moment.';

import type { Server } from 'node:http';
import { queueGauges } from '@assay/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

export type RequestKind = 'exports' | 'writes' | 'reads';

/**
 * Requests in work. An export keeps 250 rows (1 to 2 MB) while its reader is slow, a page of rows up to 4 MB until it is
 * sent, a write 64 KB for each direction. Pages that listen have a bound of their own, health and metrics none.
 */
export const MOST_IN_WORK: Readonly<Record<RequestKind, number>> = { exports: 32, writes: 256, reads: 128 };
/** Sockets; more are closed as they come. */
export const MOST_CONNECTIONS = 2_000;
const RETRY_AFTER_S = 2;

/** undefined for what is always let in. */
export function kindOf({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): RequestKind | undefined {
  const path = url.split('?', 1)[0]!;
  if (/^\/(health|metrics)/.test(path) || /\/events\/?$/.test(path)) return undefined;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') return 'writes';
  return /\/export\/?$/.test(path) ? 'exports' : 'reads';
}

/** Counts requests from their headers to the end of their answer; one too many is told to come back. */
export class Admission {
  private readonly inWork: Record<RequestKind, number> = { exports: 0, writes: 0, reads: 0 };
  private connections = 0;

  constructor(private readonly most: Readonly<Record<RequestKind, number>> = MOST_IN_WORK) {}

  guard(fastify: FastifyInstance): void {
    this.boundConnections(fastify.server);
    fastify.addHook('onRequest', (request, reply, done) => {
      const kind = kindOf(request);
      if (!kind) return done();
      if (this.inWork[kind] >= this.most[kind]) return done(tooMany(kind));
      this.inWork[kind]++;
      reply.raw.once('close', () => this.inWork[kind]--);
      done();
    });
  }

  /** Gauges of what is in work; each of what it returns ends one. */
  measure(): (() => void)[] {
    return [
      ...(['exports', 'writes', 'reads'] as const).map((kind) =>
        queueGauges.add(`query.${kind}`, this.most[kind], () => this.inWork[kind]),
      ),
      queueGauges.add('query.connections', MOST_CONNECTIONS, () => this.connections),
    ];
  }

  private boundConnections(server: Server): void {
    server.maxConnections = MOST_CONNECTIONS;
    server.on('connection', (socket) => {
      this.connections++;
      socket.once('close', () => this.connections--);
    });
  }
}

const WORDS: Readonly<Record<RequestKind, string>> = {
  exports: 'As many exports as this service makes at once are running. Ask again when one of them has ended.',
  writes:
    'As many lists and orders as this service takes at once are coming in. Nothing was taken: send it again.',
  reads: 'As many questions as this service answers at once are being answered. Ask again in a moment.',
};

function tooMany(kind: RequestKind): ProblemError {
  return new ProblemError(503, WORDS[kind], RETRY_AFTER_S);
}

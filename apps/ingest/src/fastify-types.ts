import type { IncomingMessage } from 'node:http';

/** What ingest uses of fastify's request and reply. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly query: unknown;
}

export interface FastifyReply {
  status(code: number): this;
  header(name: string, value: string): this;
  send(body: unknown): this;
}

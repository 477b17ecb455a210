import statics from '@fastify/static';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/**
 * The page at `/`, its compiled script under `/app/`. Files are looked up when asked for and have
 * an ETag; anything else at the root stays a 404.
 */
export async function servePage(fastify: FastifyInstance, webFolder: string): Promise<void> {
  await fastify.register(statics, {
    root: join(webFolder, 'public'),
    prefix: '/',
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply) => void reply.header('cache-control', 'no-cache'),
  });
  await fastify.register(statics, {
    root: join(webFolder, 'dist'),
    prefix: '/app/',
    decorateReply: false,
    cacheControl: false,
    allowedPath: (path) => /^\/[\w/-]+\.js(\.map)?$/.test(path),
    setHeaders: (reply) => void reply.header('cache-control', 'no-cache'),
  });
}

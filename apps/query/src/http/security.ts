import { parseUrl } from '@assay/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** No inline script or style, nothing from elsewhere, in nobody's frame. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** No CORS headers are ever sent, so pages of other sites cannot read; this keeps them from writing too. */
export function addSecurity(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(HEADERS);
    done(comesFromOtherSite(request) ? foreignWrite() : undefined);
  });
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A form on another site can post text here without asking (no preflight for text/plain). Browsers
 * tell where a request starts; programs send neither header and pass.
 */
export function comesFromOtherSite(request: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  if (READS.has(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = request.headers;
  return origin !== undefined && parseUrl(origin)?.host !== host;
}

function foreignWrite(): ProblemError {
  return new ProblemError(
    403,
    'A page of another site sent this. Send it from this page, or from a program without an Origin header.',
  );
}

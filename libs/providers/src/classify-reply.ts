import { failed, type Failed } from './finding.js';
import type { ProviderReply, TransportError } from './provider.js';
import { retryAfterMs } from './retry-after.js';

export type Reply = Extract<ProviderReply, { kind: 'reply' }>;

const TRANSPORT_CLASS = {
  dns: 'network',
  refused: 'network',
  blocked_address: 'network',
  tls: 'network',
  timeout: 'timeout',
  reset: 'network',
  protocol: 'network',
  too_large: 'malformed',
} as const satisfies Record<TransportError, Failed['class']>;

/**
 * failed(timeout | network | malformed) with the transport's own code in front of its message.
 * An address that must not be reached stays so: that failure lasts.
 */
export function transportFailure({ error, message }: Extract<ProviderReply, { kind: 'error' }>): Failed {
  const failure = failed(TRANSPORT_CLASS[error], `${error}: ${message}`);
  return error === 'blocked_address' ? { ...failure, lasting: true } : failure;
}

/** HTML where JSON was due comes from a proxy, a firewall or a front page, never from the API. */
export function isHtml(reply: Reply): boolean {
  return /\bx?html\b/i.test(reply.headers['content-type'] ?? '') || firstByte(reply.body) === LESS_THAN;
}

const LESS_THAN = 0x3c;

function firstByte(body: Buffer): number | undefined {
  let at = 0;
  while (at < body.length && at < 64 && (body[at] as number) <= 0x20) at++;
  return body[at];
}

/**
 * Class of an API's reply by its status alone; undefined for 2xx, whose body decides.
 * `keyed` says whether we sent a key: without one a 401 or 403 is a block, not a fault of a key.
 */
export function statusFailure(reply: Reply, now: number, keyed: boolean): Failed | undefined {
  const { status } = reply;
  if (status >= 200 && status < 300) return undefined;
  const message = `HTTP ${status}`;
  const wait = retryAfterMs(reply.headers, now);
  if (status === 429 || (status === 503 && wait !== undefined)) return failed('rate_limited', message, wait);
  if (status === 408) return failed('timeout', message);
  if (status < 400 || status >= 500) return failed('server', message, wait);
  if (isHtml(reply)) return failed('server', `${message} with HTML`, wait);
  if (status === 401 || status === 403) return failed(keyed ? 'auth' : 'server', message, wait);
  return failed('bad_request', message);
}

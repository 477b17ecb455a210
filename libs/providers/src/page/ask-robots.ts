import { transportFailure, type Reply } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import type { AskContext, ProviderReply, ProviderRequest } from '../provider.js';
import { retryAfterMs } from '../retry-after.js';
import { redirectTarget } from './redirect.js';
import { robotsAllow } from './robots-file.js';

export type RobotsVerdict = 'allowed' | 'forbidden' | Failed;

const MOST_REDIRECTS = 5;
/** RFC 9309 §2.5: a parser reads at least this much. */
const CAP_BYTES = 500 * 1024;
const SHARED_MS = 86_400_000;

/**
 * May `url` be fetched? RFC 9309: rules of a 2xx, everything after a 4xx or five redirects, nothing after a 5xx.
 * A host that does not answer at all gives the failure that the page itself would have met.
 */
export function* robotsVerdict(
  url: URL,
  limitKey: string,
  context: AskContext,
): Generator<readonly ProviderRequest[], RobotsVerdict, readonly ProviderReply[]> {
  let at = new URL('/robots.txt', url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const [reply] = yield [robotsRequest(at, limitKey, context)];
    if (!reply) return failed('malformed', 'no reply');
    // Elsewhere unreachable is "unreachable" in the RFC's sense: hands off.
    if (reply.kind === 'error') return hop === 0 ? transportFailure(reply) : 'forbidden';
    const next = redirectTarget(reply, at);
    if (next === undefined) return verdictOf(reply, url, context);
    if (next === 'unusable') return 'allowed';
    at = next;
  }
  return 'allowed';
}

function robotsRequest(at: URL, limitKey: string, { userAgent }: AskContext): ProviderRequest {
  return {
    method: 'GET',
    url: at.href,
    headers: { accept: 'text/plain,*/*;q=0.1', 'user-agent': userAgent },
    capBytes: CAP_BYTES,
    foreign: true,
    sharedForMs: SHARED_MS,
    ...(at.host === limitKey ? {} : { limitKey: at.host }),
  };
}

/** A 429 is a 4xx by number, yet a host that is tired of us has not invited us in. */
function verdictOf(reply: Reply, url: URL, { now, userAgent }: AskContext): RobotsVerdict {
  const { status } = reply;
  if (status === 429)
    return failed('rate_limited', 'HTTP 429 for robots.txt', retryAfterMs(reply.headers, now));
  if (status >= 500) return 'forbidden';
  if (status < 200 || status >= 300) return 'allowed';
  return robotsAllow(reply.body, url, userAgent) ? 'allowed' : 'forbidden';
}

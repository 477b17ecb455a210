import { transportFailure, type Reply } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import type { AskContext, ProviderReply, ProviderRequest } from '../provider.js';
import { redirectTarget } from '../redirect.js';
import { retryAfterMs } from '../retry-after.js';
import { crawlSpacingMs } from './crawl-spacing.js';
import { robotsAllow } from './robots-file.js';

/** The host may ask for distance between calls. */
export interface Allowed {
  readonly outcome: 'allowed';
  readonly spacingMs?: number;
}

export type RobotsVerdict = Allowed | 'forbidden' | Failed;

const ALLOWED: Allowed = { outcome: 'allowed' };

/** What came of asking for the file: its own reply, the last of redirects that led nowhere, or why there is none. */
export type RobotsAnswer =
  | { readonly kind: 'file'; readonly reply: Reply }
  | { readonly kind: 'lost'; readonly reply: Reply }
  | { readonly kind: 'unreachable'; readonly failure: Failed; readonly redirected: boolean };

const MOST_REDIRECTS = 5;
/** RFC 9309 §2.5: a parser reads at least this much. */
const CAP_BYTES = 500 * 1024;
const SHARED_MS = 86_400_000;

type Steps<T> = Generator<readonly ProviderRequest[], T, readonly ProviderReply[]>;

/** The file of the origin of `url`, through at most five redirects. */
export function* fetchRobots(url: URL, limitKey: string, context: AskContext): Steps<RobotsAnswer> {
  let at = new URL('/robots.txt', url);
  for (let hop = 0; ; hop++) {
    const [reply] = yield [robotsRequest(at, limitKey, context)];
    const redirected = hop > 0;
    if (!reply) return { kind: 'unreachable', failure: failed('malformed', 'no reply'), redirected };
    if (reply.kind === 'error') return { kind: 'unreachable', failure: transportFailure(reply), redirected };
    const next = redirectTarget(reply, at);
    if (next === undefined) return { kind: 'file', reply };
    if (next === 'unusable' || hop === MOST_REDIRECTS) return { kind: 'lost', reply };
    at = next;
  }
}

/**
 * May `url` be fetched? RFC 9309: rules of a 2xx, everything after a 4xx or five redirects, nothing after a 5xx.
 * A host that does not answer at all gives the failure that the page itself would have met.
 */
export function* robotsVerdict(url: URL, limitKey: string, context: AskContext): Steps<RobotsVerdict> {
  const answer = yield* fetchRobots(url, limitKey, context);
  if (answer.kind === 'lost') return ALLOWED;
  if (answer.kind === 'file') return verdictOf(answer.reply, url, context);
  // Elsewhere unreachable is "unreachable" in the RFC's sense: hands off.
  return answer.redirected ? 'forbidden' : answer.failure;
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
export function tiredOfUs({ status, headers }: Reply, now: number): Failed | undefined {
  if (status !== 429) return undefined;
  return failed('rate_limited', 'HTTP 429 for robots.txt', retryAfterMs(headers, now));
}

function verdictOf(reply: Reply, url: URL, { now, userAgent }: AskContext): RobotsVerdict {
  const { status } = reply;
  const tired = tiredOfUs(reply, now);
  if (tired) return tired;
  if (status >= 500) return 'forbidden';
  if (status < 200 || status >= 300) return ALLOWED;
  if (!robotsAllow(reply.body, url, userAgent)) return 'forbidden';
  const spacingMs = crawlSpacingMs(reply.body, userAgent);
  return spacingMs === undefined ? ALLOWED : { ...ALLOWED, spacingMs };
}

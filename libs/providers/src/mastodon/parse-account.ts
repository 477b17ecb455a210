import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, type Failed } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { ACCOUNT_METRICS } from './account-metrics.js';
import { readHandle } from './request-account.js';

const LONGEST_WAIT_MS = 3_600_000;

export function parseAccount(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  return forAll(questions, read(reply, questions[0]?.unit ?? '', now));
}

/** Some instances want a token even for this: a 401 is theirs to decide, and not worth another try. */
function read(reply: ProviderReply, handle: string, now: number): Finding {
  if (reply.kind === 'error') return transportFailure(reply);
  if (reply.status === 404 && !isHtml(reply)) return { outcome: 'absent', reason: 'no such account' };
  const failure = statusFailure(reply, now, true);
  if (failure) return failure.class === 'rate_limited' ? withReset(failure, reply, now) : failure;
  const body = readJson(reply);
  return 'failure' in body ? body.failure : finding(body.value, handle);
}

/** `X-RateLimit-Reset` is an instant; read against the instance's own clock. */
function withReset(failure: Failed, { headers }: Reply, now: number): Failed {
  const reset = Date.parse(headers['x-ratelimit-reset'] ?? '');
  if (failure.retryAfterMs !== undefined || Number.isNaN(reset)) return failure;
  const theirs = Date.parse(headers['date'] ?? '');
  const wait = reset - (Number.isNaN(theirs) ? now : theirs);
  return { ...failure, retryAfterMs: Math.min(Math.max(wait, 0), LONGEST_WAIT_MS) };
}

function finding(account: JsonObject, handle: string): Finding {
  const { username, followers_count, following_count, statuses_count, created_at } = account;
  if (typeof username !== 'string') return failed('malformed', 'username is missing');
  if (username.toLowerCase() !== readHandle(handle)?.user.toLowerCase())
    return failed('malformed', 'answers another account');
  const source = {
    // An account may hide its counts: -1.
    followers: shown(followers_count),
    following: shown(following_count),
    posts: shown(statuses_count),
    created_at,
  };
  const read = readNumbers(source, ACCOUNT_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return failed('malformed', 'an account without a number');
  return { outcome: 'ok', numbers: read.numbers };
}

function shown(count: unknown): unknown {
  return count === -1 ? undefined : count;
}

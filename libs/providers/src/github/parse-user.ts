import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, type Failed } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { retryAfterMs } from '../retry-after.js';
import { USER_METRICS } from './user-metrics.js';

const LONGEST_WAIT_MS = 3_600_000;

export function parseUser(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  return forAll(questions, read(reply, questions[0]?.unit ?? '', context));
}

function read(reply: ProviderReply, login: string, { now, key }: AskContext): Finding {
  if (reply.kind === 'error') return transportFailure(reply);
  if (reply.status === 404 && !isHtml(reply)) return { outcome: 'absent', reason: 'no such account' };
  const failure = limitFailure(reply, now) ?? statusFailure(reply, now, key !== '');
  if (failure) return failure;
  const body = readJson(reply);
  return 'failure' in body ? body.failure : finding(body.value, login);
}

/** Both limits come as 403 or 429: the primary with nothing remaining until a reset, the secondary with Retry-After. */
function limitFailure({ status, headers }: Reply, now: number): Failed | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const wait = retryAfterMs(headers, now);
  if (wait !== undefined) return failed('rate_limited', `HTTP ${status}`, wait);
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  return failed('rate_limited', `HTTP ${status}, nothing remains`, untilReset(headers, now));
}

/** Seconds since 1970, read against GitHub's own clock. */
function untilReset(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const reset = headers['x-ratelimit-reset'] ?? '';
  if (!/^\d{9,11}$/.test(reset)) return undefined;
  const theirs = Date.parse(headers['date'] ?? '');
  const wait = Number(reset) * 1_000 - (Number.isNaN(theirs) ? now : theirs);
  return Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

function finding(user: JsonObject, asked: string): Finding {
  const { login, type, followers, following, public_repos, created_at } = user;
  if (typeof login !== 'string') return failed('malformed', 'login is missing');
  if (login.toLowerCase() !== asked.toLowerCase()) return failed('malformed', 'answers another account');
  const organisation = typeof type === 'string' ? type === 'Organization' : undefined;
  const read = readNumbers({ followers, following, public_repos, created_at, organisation }, USER_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return failed('malformed', 'an account without a number');
  return { outcome: 'ok', numbers: read.numbers };
}

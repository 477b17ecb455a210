import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, withoutKey, type Failed } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { retryAfterMs } from '../retry-after.js';
import { ANALYSIS_METRICS, URL_ONLY } from './analysis-metrics.js';

const DAY_MS = 86_400_000;

export function parseAnalysis(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  if (reply.kind === 'error') return forAll(questions, transportFailure(reply));
  const read = readJson(reply);
  const error = 'value' in read ? read.value['error'] : undefined;
  if (isObject(error)) return forAll(questions, errorFinding(error, reply, context));
  const failure = statusFailure(reply, context.now, true);
  if (failure) return forAll(questions, failure);
  if ('failure' in read) return forAll(questions, read.failure);
  return forAll(questions, finding(read.value, questions[0]?.surface === 'virustotal.url'));
}

const CLASSES: Readonly<Record<string, Failed['class']>> = {
  AuthenticationRequiredError: 'auth',
  WrongCredentialsError: 'auth',
  UserNotActiveError: 'auth',
  ForbiddenError: 'auth',
  TooManyRequestsError: 'rate_limited',
  TransientError: 'server',
  DeadlineExceededError: 'timeout',
  InvalidArgumentError: 'bad_request',
  BadRequestError: 'bad_request',
};

/** The error's code says more than the status. A spent quota is that of a minute, a day or a month: its words tell. */
function errorFinding({ code, message }: JsonObject, reply: Reply, { now, key }: AskContext): Finding {
  const name = typeof code === 'string' ? code : '';
  const words = withoutKey(`${name}: ${typeof message === 'string' ? message : ''}`, key);
  if (name === 'NotFoundError') return { outcome: 'absent', reason: 'never analysed' };
  const wait = retryAfterMs(reply.headers, now);
  if (name === 'QuotaExceededError') {
    if (/minut/i.test(words)) return failed('rate_limited', words, wait ?? 60_000);
    return failed('quota', words, wait ?? DAY_MS - (now % DAY_MS));
  }
  const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (known) return failed(known, words, wait);
  return statusFailure(reply, now, true) ?? failed('server', words);
}

function finding({ data }: JsonObject, isUrl: boolean): Finding {
  const attributes = isObject(data) ? data['attributes'] : undefined;
  if (!isObject(attributes)) return failed('malformed', 'no attributes');
  const { last_analysis_stats: stats } = attributes;
  if (stats !== undefined && !isObject(stats))
    return failed('malformed', 'last_analysis_stats is not an object');
  if (stats === undefined || sum(stats) === 0) return { outcome: 'absent', reason: 'never analysed' };
  const metrics = isUrl ? ANALYSIS_METRICS : ANALYSIS_METRICS.filter(({ id }) => !URL_ONLY.has(id));
  const read = readNumbers(source(attributes, stats), metrics);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}

/** Zero where no engine has looked yet: its zeros would be no measurement. */
function sum(stats: JsonObject): number | undefined {
  const values = Object.values(stats);
  return values.every((value) => value === 0) ? 0 : undefined;
}

function source(attributes: JsonObject, stats: JsonObject): JsonObject {
  const votes = isObject(attributes['total_votes']) ? attributes['total_votes'] : {};
  return {
    malicious: stats['malicious'],
    suspicious: stats['suspicious'],
    harmless: stats['harmless'],
    undetected: stats['undetected'],
    timeouts: stats['timeout'],
    reputation: attributes['reputation'],
    times_submitted: attributes['times_submitted'],
    votes_harmless: votes['harmless'],
    votes_malicious: votes['malicious'],
    // 0 stands for a visit that got no reply.
    http_status:
      attributes['last_http_response_code'] === 0 ? undefined : attributes['last_http_response_code'],
    analysed_at: dateOf(attributes['last_analysis_date']),
  };
}

/** Seconds since 1970 as ISO 8601; what is no such number stays for `readNumbers` to refuse. */
function dateOf(seconds: unknown): unknown {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds < 1e11)) return seconds;
  return new Date(seconds * 1_000).toISOString();
}

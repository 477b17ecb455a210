import { failed, forAll, withoutKey } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { PHISH_METRICS } from './phish-metrics.js';

/** HTTP's "bandwidth limit exceeded", which stands for too many calls here. */
const TOO_MANY = 509;

export function parsePhish(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  if (reply?.kind === 'reply' && reply.status === TOO_MANY)
    return forAll(questions, failed('rate_limited', 'HTTP 509', intervalMs(reply.headers)));
  const read = readAnswer(reply, context.now, true);
  return forAll(questions, 'failure' in read ? read.failure : finding(read.value, context.key));
}

/** `X-Request-Limit-Interval` in seconds: the length of the window that is used up. */
function intervalMs(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['x-request-limit-interval'] ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : undefined;
}

function finding({ meta, results, errortext }: JsonObject, key: string): Finding {
  const status = isObject(meta) ? meta['status'] : undefined;
  if (status === 'error' || typeof errortext === 'string') return refusal(String(errortext ?? 'error'), key);
  if (status !== 'success' || !isObject(results)) return failed('malformed', 'no results');
  if (results['in_database'] === false) return { outcome: 'absent', reason: 'not reported' };
  if (results['in_database'] !== true) return failed('malformed', 'in_database is not a boolean');
  const read = readNumbers({ ...results, phish: isPhish(results) }, PHISH_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: dated(read.numbers) };
}

function refusal(words: string, key: string): Finding {
  return failed(/key/i.test(words) ? 'auth' : 'server', withoutKey(words, key));
}

/** Undefined where one of the two is missing: then nobody knows. */
function isPhish({ verified, valid }: JsonObject): boolean | undefined {
  return typeof verified === 'boolean' && typeof valid === 'boolean' ? verified && valid : undefined;
}

function dated(numbers: Record<string, string | number | boolean>) {
  const at = numbers['verified_at'];
  return typeof at === 'string' ? { ...numbers, verified_at: new Date(at).toISOString() } : numbers;
}

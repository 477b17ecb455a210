import { statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, withoutKey } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { retryAfterMs } from '../retry-after.js';
import { RADAR_METRICS } from './rank-metrics.js';

export function parseRanking(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  return forAll(questions, read(reply, context));
}

/** `success` false may come under any status. 404 in the API's own shape says that it does not know the domain. */
function read(reply: ProviderReply, context: AskContext): Finding {
  if (reply.kind === 'error') return transportFailure(reply);
  const body = readJson(reply);
  const own = 'value' in body && typeof body.value['success'] === 'boolean';
  if (reply.status === 404 && own) return { outcome: 'absent', reason: 'not ranked' };
  if (own && body.value['success'] === false) return errorFinding(body.value, reply, context);
  const failure = statusFailure(reply, context.now, true);
  if (failure) return failure;
  return 'failure' in body ? body.failure : finding(body.value);
}

/** Cloudflare's codes: 10000 and 9109 are of tokens, 10429 and 971 of pace. */
function errorFinding({ errors }: JsonObject, reply: Reply, { key, now }: AskContext): Finding {
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  const { code, message } = isObject(first) ? first : {};
  const words = withoutKey(`${String(code)}: ${typeof message === 'string' ? message : ''}`, key);
  if (code === 10_429 || code === 971) return failed('rate_limited', words, retryAfterMs(reply.headers, now));
  if (code === 10_000 || code === 9_109 || /authenticat|authoriz/i.test(words)) return failed('auth', words);
  return statusFailure(reply, now, true) ?? failed('server', words);
}

function finding({ result }: JsonObject): Finding {
  const details = isObject(result) ? result['details_0'] : undefined;
  if (!isObject(result) || !isObject(details)) return failed('malformed', 'no details_0');
  const categories = names(details['categories']);
  if (categories === undefined) return failed('malformed', 'categories is not a list of names');
  const source = {
    rank: details['rank'],
    ...bucket(details['bucket']),
    category_count: categories.length,
    categories: categories.length === 0 ? undefined : categories.join(', '),
  };
  const read = readNumbers(source, RADAR_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  const { category_count: _, categories: _names, ...ranked } = read.numbers;
  if (Object.keys(ranked).length === 0) return { outcome: 'absent', reason: 'not ranked' };
  const asOf = endOf(result['meta']);
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

/** `"2000"` is a ceiling, `">200000"` a floor and no rank. What is neither stays for `readNumbers` to refuse. */
function bucket(value: unknown): JsonObject {
  if (typeof value !== 'string' || value === '') return { rank_at_most: value === '' ? undefined : value };
  const [, floor, digits] = /^(>?)(\d{1,9})$/.exec(value) ?? [];
  if (digits === undefined) return { rank_at_most: value };
  return floor ? { rank_above: Number(digits) } : { rank_at_most: Number(digits) };
}

function names(categories: unknown): string[] | undefined {
  if (categories === undefined || categories === null) return [];
  if (!Array.isArray(categories)) return undefined;
  const found = (categories as unknown[]).map((one) => (isObject(one) ? one['name'] : undefined));
  return found.every((name) => typeof name === 'string') ? found : undefined;
}

function endOf(meta: unknown): string | undefined {
  const ranges = isObject(meta) ? meta['dateRange'] : undefined;
  const [first] = Array.isArray(ranges) ? (ranges as unknown[]) : [];
  const end = isObject(first) ? first['endTime'] : undefined;
  return typeof end === 'string' ? end.slice(0, 32) : undefined;
}

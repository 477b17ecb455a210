import { transportFailure } from '../classify-reply.js';
import { failed, forAll, putOnce, type Failed } from '../finding.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ProviderReply,
  type Question,
} from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { isIpAddress } from '../registrable-domain.js';
import { rpcFailure, siteFailure } from './rpc-error.js';
import { scopeOf } from './scope.js';
import { siteIndex, type SiteIndex } from './site-index.js';
import { SITE_METRICS } from './site-metrics.js';

/** Rows are matched by the query and scope that they repeat; `errors_by_site` holds the refused ones. */
export function parseSites(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const findings = new Map<string, Finding>();
  const asked: Question[] = [];
  for (const question of questions) {
    if (scopeOf(question) === 'url' || !isIpAddress(question.unit)) asked.push(question);
    else findings.set(questionKey(question), { outcome: 'skipped', reason: 'unsupported' });
  }
  if (asked.length === 0) return findings;
  const result = readResult(replies[0], context);
  const answers = 'outcome' in result ? forAll(asked, result) : readSites(result, siteIndex(asked), context);
  for (const [key, finding] of answers) findings.set(key, finding);
  return findings;
}

interface Result {
  readonly sites: readonly unknown[];
  readonly errors: readonly unknown[];
}

function readResult(reply: ProviderReply | undefined, { now, key, requestId }: AskContext): Result | Failed {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const read = readJson(reply);
  const body = 'value' in read ? read.value : undefined;
  const failure = rpcFailure(reply, body, now, key);
  if (failure) return failure;
  if ('failure' in read) return read.failure;
  if (typeof read.value['id'] !== 'string' || !read.value['id'].startsWith(requestId)) {
    return failed('malformed', 'answers another call');
  }
  const { result } = read.value;
  if (!isObject(result) || !Array.isArray(result['results_by_site']))
    return failed('malformed', 'results_by_site is not a list');
  const errors = Array.isArray(result['errors_by_site']) ? (result['errors_by_site'] as unknown[]) : [];
  return { sites: result['results_by_site'] as unknown[], errors };
}

function readSites({ sites, errors }: Result, keyOf: SiteIndex, { key }: AskContext): Map<string, Finding> {
  const findings = new Map<string, Finding>();
  for (const site of sites) {
    const question = isObject(site) ? keyOf(site['site_query']) : undefined;
    if (question) putOnce(findings, question, readSite((site as JsonObject)['site_metrics']));
  }
  for (const error of errors) {
    if (!isObject(error)) continue;
    const question = keyOf(error['site_query']);
    if (question) putOnce(findings, question, siteFailure(error['errors'] ?? error['error'], key));
  }
  return findings;
}

function readSite(metrics: unknown): Finding {
  if (metrics === null) return { outcome: 'absent', reason: 'not in the index' };
  if (!isObject(metrics)) return failed('malformed', 'site_metrics is not an object');
  const read = readNumbers(withoutPlaceholders(metrics), SITE_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'not in the index' };
  const crawled = metrics['last_crawled'];
  const asOf = typeof crawled === 'string' && crawled !== '' ? crawled.slice(0, 32) : undefined;
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

/** -1 stands for a score that was not worked out, 0 for a status of a page never crawled, '' for no title. */
function withoutPlaceholders(metrics: JsonObject): JsonObject {
  const { spam_score, http_code, title, ...rest } = metrics;
  return {
    ...rest,
    ...(spam_score === -1 ? {} : { spam_score }),
    ...(http_code === 0 ? {} : { http_code }),
    ...(title === '' ? {} : { title }),
  };
}

import { parseUrl } from '@assay/contracts';
import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, type Failed } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, ProviderRequest, Question } from '../provider.js';
import { isObject, readJson, readJsonValue } from '../read-json.js';
import { withoutScheme } from '../same-page.js';
import { isIpAddress } from '../registrable-domain.js';
import { MOST_ROWS, readCaptures } from './read-captures.js';

const INDEX_HOST = 'index.commoncrawl.org';
const COLLECTIONS = `https://${INDEX_HOST}/collinfo.json`;
const DAY_MS = 86_400_000;
/** A hundred rows with URLs of up to 8 KB. */
const CAP_BYTES = 2 * 1024 * 1024;

interface Crawl {
  readonly id: string;
  readonly api: string;
}

/** The list of crawls, shared for a day, then the index of the latest one. */
export function* crawlSteps(
  questions: readonly Question[],
  context: AskContext,
): Generator<readonly ProviderRequest[], Findings, readonly ProviderReply[]> {
  const [question] = questions;
  if (!question) return new Map();
  if (question.surface === 'commoncrawl.domain' && isIpAddress(question.unit))
    return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  const [list] = yield [collectionsRequest(context)];
  const crawl = latestCrawl(list, context.now);
  if ('outcome' in crawl) return forAll(questions, crawl);
  const [reply] = yield [indexRequest(question, crawl, context)];
  return forAll(questions, readReply(reply, crawl, context.now));
}

function collectionsRequest({ userAgent }: AskContext): ProviderRequest {
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return { method: 'GET', url: COLLECTIONS, headers, sharedForMs: DAY_MS };
}

/** The first of the list, which is the newest. Its address must be one of the index itself. */
function latestCrawl(reply: ProviderReply | undefined, now: number): Crawl | Failed {
  if (!reply) return failed('malformed', 'no list of crawls');
  if (reply.kind === 'error') return transportFailure(reply);
  const failure = slowDown(reply, now);
  // A list that is not there is no fault of the question.
  if (failure?.class === 'bad_request') return failed('server', `list of crawls: ${failure.message}`);
  if (failure) return failure;
  const body = readJsonValue(reply);
  if ('failure' in body) return body.failure;
  const [first] = Array.isArray(body.value) ? (body.value as unknown[]) : [];
  const { id, 'cdx-api': api } = isObject(first) ? first : {};
  const address = typeof api === 'string' ? parseUrl(api) : undefined;
  if (typeof id !== 'string' || !address) return failed('malformed', 'the list names no crawl');
  const { protocol, host, origin, pathname } = address;
  return protocol === 'https:' && host === INDEX_HOST
    ? { id, api: `${origin}${pathname}` }
    : failed('malformed', 'a crawl elsewhere');
}

/** 403 and 503 want us to slow down, with or without a word on how much. */
function slowDown(reply: Reply, now: number): Failed | undefined {
  const failure = statusFailure(reply, now, false);
  if (reply.status !== 403 && reply.status !== 503) return failure;
  return failed('rate_limited', `HTTP ${reply.status}`, failure?.retryAfterMs);
}

function indexRequest(
  { surface, unit }: Question,
  { api }: Crawl,
  { userAgent }: AskContext,
): ProviderRequest {
  const query = new URLSearchParams({
    // A star at the end would ask for all that begins so.
    url: surface === 'commoncrawl.domain' ? unit : withoutScheme(unit).replaceAll('*', '%2A'),
    output: 'json',
    limit: String(MOST_ROWS),
    filter: 'mime:text/html',
  });
  if (surface === 'commoncrawl.domain') query.set('matchType', 'domain');
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return { method: 'GET', url: `${api}?${query.toString()}`, headers, capBytes: CAP_BYTES };
}

function readReply(reply: ProviderReply | undefined, crawl: Crawl, now: number): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  if (reply.status === 404 && !isHtml(reply)) return noCaptures(reply);
  const failure = slowDown(reply, now);
  if (failure) return failure;
  if (reply.truncated) return failed('malformed', 'answer larger than the cap');
  if (isHtml(reply)) return failed('server', 'HTML instead of rows');
  const finding = readCaptures(reply.body.toString('utf8'));
  return finding.outcome === 'ok' ? { ...finding, asOf: crawl.id.slice(0, 64) } : finding;
}

/** 404 in the index's own words; any other is a wrong address. */
function noCaptures(reply: Reply): Finding {
  const body = readJson(reply);
  const words = 'value' in body ? body.value['message'] : undefined;
  if (typeof words === 'string' && /^No Captures found/i.test(words))
    return { outcome: 'absent', reason: 'not in the latest crawl' };
  return failed('bad_request', 'HTTP 404');
}

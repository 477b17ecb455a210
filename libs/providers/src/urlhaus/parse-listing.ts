import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { numeric, readNumbers } from '../read-numbers.js';
import { LISTING_METRICS } from './listing-metrics.js';

/** `query_status` tells what the answer is, under status 200. Numbers come as texts, lists may be null. */
export function parseListing(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const read = readAnswer(reply, now, true);
  if ('failure' in read) return forAll(questions, read.failure);
  const isHost = questions[0]?.surface === 'urlhaus.host';
  return forAll(questions, finding(read.value, isHost));
}

const REFUSED = new Set(['invalid_url', 'invalid_host', 'http_post_expected']);

function finding(body: JsonObject, isHost: boolean): Finding {
  const status = body['query_status'];
  if (status === 'no_results') return { outcome: 'absent', reason: 'not listed' };
  if (typeof status !== 'string') return failed('malformed', 'query_status is missing');
  if (REFUSED.has(status)) return failed('bad_request', status);
  if (status !== 'ok') return failed(/key|auth/i.test(status) ? 'auth' : 'server', `query_status ${status}`);
  const source = isHost ? hostNumbers(body) : urlNumbers(body);
  const read = readNumbers(source, LISTING_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}

function urlNumbers(body: JsonObject): JsonObject {
  const { url_status, threat, tags, payloads } = body;
  return {
    ...shared(body, body['date_added']),
    online: url_status === undefined || url_status === null ? undefined : onlineOf(url_status),
    threat: threat === '' ? undefined : threat,
    tag_count: lengthOf(tags),
    payload_count: lengthOf(payloads),
  };
}

function hostNumbers(body: JsonObject): JsonObject {
  return { ...shared(body, body['firstseen']), url_count: numeric(body['url_count']) };
}

function shared({ blacklists }: JsonObject, added: unknown): JsonObject {
  return { listed: true, blacklist_count: listings(blacklists), added_at: dateOf(added) };
}

/** `unknown` is no answer to whether it is online. */
function onlineOf(status: unknown): unknown {
  if (status === 'unknown') return undefined;
  return status === 'online' ? true : status === 'offline' ? false : status;
}

/** What is neither a list nor missing is left for `readNumbers` to refuse. */
function lengthOf(list: unknown): unknown {
  return Array.isArray(list) ? list.length : list;
}

/** Each list says `not listed` or how it calls the entry. */
function listings(blacklists: unknown): unknown {
  if (!isObject(blacklists)) return blacklists;
  const words = Object.values(blacklists).filter((word) => word !== null);
  if (words.some((word) => typeof word !== 'string')) return blacklists;
  return words.filter((word) => word !== 'not listed').length;
}

/** `2019-01-19 01:33:26 UTC` as ISO 8601. */
function dateOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  const iso = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?: UTC)?$/.exec(value);
  const at = iso ? Date.parse(`${iso[1]}T${iso[2]}Z`) : Number.NaN;
  return Number.isNaN(at) ? [value] : new Date(at).toISOString();
}

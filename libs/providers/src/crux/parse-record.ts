import { transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import { errorBody, googleFailure } from '../google-error.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { numeric, readNumbers } from '../read-numbers.js';
import { EXPERIENCE_METRICS } from './experience-metrics.js';

export function parseRecord(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  return forAll(questions, read(reply, context));
}

function read(reply: ProviderReply | undefined, { now, key }: AskContext): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const body = errorBody(reply);
  if (body && isNoData(body, reply)) return { outcome: 'absent', reason: 'too few visits' };
  const failure = googleFailure(reply, body, now, key);
  if (failure) return failure;
  const answer = readJson(reply);
  return 'failure' in answer ? answer.failure : finding(answer.value);
}

/** 404 in the API's own words; any other 404 is a wrong address. */
function isNoData({ error }: JsonObject, { status }: Reply): boolean {
  return status === 404 && isObject(error) && error['status'] === 'NOT_FOUND';
}

function finding({ record }: JsonObject): Finding {
  const metrics = isObject(record) ? record['metrics'] : undefined;
  if (!isObject(record) || !isObject(metrics)) return failed('malformed', 'record has no metrics');
  const read = readNumbers(source(metrics), EXPERIENCE_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'too few visits' };
  const asOf = lastDay(record['collectionPeriod']);
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

function source(metrics: JsonObject): JsonObject {
  return {
    lcp_ms: p75(metrics['largest_contentful_paint']),
    inp_ms: p75(metrics['interaction_to_next_paint']),
    // Layout shift alone comes as text.
    cls: p75(metrics['cumulative_layout_shift']),
    ttfb_ms: p75(metrics['experimental_time_to_first_byte']),
    lcp_good: goodShare(metrics['largest_contentful_paint']),
    inp_good: goodShare(metrics['interaction_to_next_paint']),
    cls_good: goodShare(metrics['cumulative_layout_shift']),
  };
}

function p75(metric: unknown): unknown {
  const percentiles = isObject(metric) ? metric['percentiles'] : undefined;
  return isObject(percentiles) ? numeric(percentiles['p75']) : undefined;
}

/** The first of three bins, "good", is the one that starts at 0. */
function goodShare(metric: unknown): unknown {
  const histogram = isObject(metric) ? metric['histogram'] : undefined;
  if (!Array.isArray(histogram)) return undefined;
  const first = (histogram as unknown[]).find((bin) => isObject(bin) && numeric(bin['start']) === 0);
  return isObject(first) ? first['density'] : undefined;
}

/** `{"lastDate":{"year":2026,"month":2,"day":7}}` as `2026-02-07`. */
function lastDay(period: unknown): string | undefined {
  const last = isObject(period) ? period['lastDate'] : undefined;
  if (!isObject(last)) return undefined;
  const { year, month, day } = last;
  const text = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined;
}

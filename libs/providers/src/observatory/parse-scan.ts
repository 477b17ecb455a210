import { statusFailure, transportFailure } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { SCAN_METRICS } from './scan-metrics.js';

/** Facts about the host: it cannot be scanned. */
const HOST_ERRORS = new Set(['invalid-hostname-lookup', 'site-down']);
const REFUSED = new Set(['invalid-hostname', 'invalid-hostname-ip']);

export function parseScan(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  return forAll(questions, read(reply, now));
}

/** The `error` in the body counts before the status, which may be 200 all the same. */
function read(reply: ProviderReply | undefined, now: number): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const body = readJson(reply);
  const error = 'value' in body ? body.value['error'] : undefined;
  if (typeof error === 'string' && HOST_ERRORS.has(error)) return { outcome: 'absent', reason: error };
  if (typeof error === 'string' && REFUSED.has(error)) return failed('bad_request', error);
  const failure = statusFailure(reply, now, false);
  if (failure) return failure;
  if ('failure' in body) return body.failure;
  if (typeof error === 'string') return failed('server', error);
  return finding(body.value);
}

function finding(body: JsonObject): Finding {
  const read = readNumbers(body, SCAN_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (read.numbers['score'] === undefined) return failed('malformed', 'a scan without a score');
  const scanned = body['scanned_at'];
  const asOf = typeof scanned === 'string' ? scanned.slice(0, 32) : undefined;
  return { outcome: 'ok', numbers: read.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

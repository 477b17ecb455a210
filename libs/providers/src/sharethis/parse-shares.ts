import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { SHARE_METRICS } from './share-metrics.js';

export function parseShares(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now }: AskContext,
): Findings {
  const read = readAnswer(reply, now, false);
  return forAll(questions, 'failure' in read ? read.failure : finding(read.value));
}

/** An answer without `total` is an error in a shape that nobody documents. */
function finding({ total, shares, clicks }: JsonObject): Finding {
  if (total === undefined || total === null) return failed('malformed', 'total is missing');
  const read = readNumbers({ total, shares: all(shares), clicks: all(clicks) }, SHARE_METRICS);
  return 'fault' in read ? failed('malformed', read.fault) : { outcome: 'ok', numbers: read.numbers };
}

/** `{"all":100}`; a service that has none sends an empty list in its place. */
function all(counts: unknown): unknown {
  if (Array.isArray(counts) && counts.length === 0) return undefined;
  return isObject(counts) ? counts['all'] : counts;
}

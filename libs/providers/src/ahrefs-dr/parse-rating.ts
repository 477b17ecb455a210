import { failed, forAll } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { readAnswer } from '../read-answer.js';
import { isObject, type JsonObject } from '../read-json.js';

export function parseRating(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  { now, key }: AskContext,
): Findings {
  if (!reply) return forAll(questions, { outcome: 'skipped', reason: 'unsupported' });
  const read = readAnswer(reply, now, key !== '');
  return forAll(questions, 'failure' in read ? read.failure : finding(read.value));
}

/** The rating stands in an object of the same name; null: not known. */
function finding({ domain_rating: outer }: JsonObject): Finding {
  const rating = isObject(outer) ? outer['domain_rating'] : undefined;
  if (rating === null || outer === null) return { outcome: 'absent', reason: 'not rated' };
  if (typeof rating !== 'number' || !(rating >= 0 && rating <= 100))
    return failed('malformed', 'domain_rating is not a number from 0 to 100');
  return { outcome: 'ok', numbers: { domain_rating: rating } };
}

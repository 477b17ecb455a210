import type { FreshAnswer } from '../answers/answer-store.js';
import type { AskRequest, CellResult } from './ask.js';

/** Nobody wanted an answer any more, or there never was a question. */
const NOT_SOUGHT: ReadonlySet<string | undefined> = new Set([
  'cancelled',
  'unsupported',
  'robots',
  'same_unit',
]);

/**
 * A result in vain with the last answer there is, too old to count as fresh, so that a provider that is down leaves old
 * numbers rather than none. Not older than the row allows: one that wants everything anew gets none.
 */
export function withOlder(
  result: CellResult,
  stored: FreshAnswer | undefined,
  { maxAgeMs }: Pick<AskRequest, 'maxAgeMs'>,
  now: number,
): CellResult {
  if (!stored || (result.outcome !== 'failed' && result.outcome !== 'skipped')) return result;
  if (NOT_SOUGHT.has(result.detail)) return result;
  if (maxAgeMs !== undefined && stored.fetchedAt < now - maxAgeMs) return result;
  return { ...result, older: { outcome: stored.outcome, answer: stored.id, at: stored.fetchedAt } };
}

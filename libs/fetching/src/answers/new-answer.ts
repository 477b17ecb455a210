import type { Finding, ProviderDefinition, Question } from '@assay/providers';
import type { NewAnswer } from './answer-store.js';
import { newId } from './new-id.js';

/** An answer as it is stored. A finding may be fresh for shorter than its provider says, never longer. */
export function newAnswer(
  { version, ttlMs }: Pick<ProviderDefinition, 'version' | 'ttlMs'>,
  key: string,
  { surface, unit }: Question,
  finding: Extract<Finding, { outcome: 'ok' | 'absent' }>,
  fetchedAt: number,
): NewAnswer {
  const ttl = Math.min(finding.ttlMs ?? Infinity, ttlMs[finding.outcome]);
  const answer = {
    id: newId(fetchedAt),
    key,
    surface,
    version,
    unit,
    outcome: finding.outcome,
    fetchedAt,
    expiresAt: fetchedAt + ttl,
    ...(finding.facts ? { facts: finding.facts } : {}),
  };
  if (finding.outcome === 'absent') return answer;
  return finding.asOf
    ? { ...answer, numbers: finding.numbers, asOf: finding.asOf }
    : { ...answer, numbers: finding.numbers };
}

import type { CallClass, FailureClass } from '@assay/contracts';
import type { Finding, ProviderDefinition } from '@assay/providers';
import type { Committer } from './committer.js';
import { newId } from './new-id.js';

export interface FinishedCall {
  readonly limitKey: string;
  /** Requests that went out. */
  readonly sent: number;
  readonly findings: readonly Finding[];
  /** Of the first failure, without a key. */
  readonly message: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The ledger: a row for a priced call, a count for a free one. */
export function bookCall(
  committer: Committer,
  { id, price }: Pick<ProviderDefinition, 'id' | 'price'>,
  call: FinishedCall,
): void {
  const { limitKey, sent, findings, message, startedAt, endedAt } = call;
  const units = findings.length;
  const found = callClass(findings);
  if (!price) return committer.count(id, found, sent, units, endedAt);
  committer.book({
    id: newId(startedAt),
    provider: id,
    limitKey,
    requests: sent,
    units,
    class: found,
    costMicroUsd: (price.perCallMicroUsd ?? 0) + (price.perUnitMicroUsd ?? 0) * units,
    startedAt,
    endedAt,
    ...(message === undefined ? {} : { message }),
  });
}

/** How the ledger names a call: by the best that came of it. */
export function callClass(findings: readonly Finding[]): CallClass {
  for (const wanted of ['ok', 'absent', 'skipped'] as const)
    if (findings.some(({ outcome }) => outcome === wanted)) return wanted;
  return (findings[0] as { class: FailureClass }).class;
}

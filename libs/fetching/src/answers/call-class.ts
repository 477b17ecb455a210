import type { CallClass, FailureClass } from '@assay/contracts';
import type { Finding } from '@assay/providers';

/** How the ledger names a call: by the best that came of it. */
export function callClass(findings: readonly Finding[]): CallClass {
  for (const wanted of ['ok', 'absent', 'skipped'] as const)
    if (findings.some(({ outcome }) => outcome === wanted)) return wanted;
  return (findings[0] as { class: FailureClass }).class;
}

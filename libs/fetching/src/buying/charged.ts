import type { Finding } from '@assay/providers';

/** Did the provider bill us? Unknown counts as yes wherever it matters. */
export type Charged = 'yes' | 'no' | 'unknown';

/** What went over the wire for a call. */
export interface Traffic {
  /** Requests that were sent, those shared with other calls left out. */
  readonly sent: number;
  /** A reply with status 2xx came. */
  readonly accepted: boolean;
}

/** Refusals of the caller, not of the question: nobody bills them. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['auth', 'quota', 'rate_limited']);

/** Was one question billed? We assume that an accepted request is, also for what it refuses inside. */
export function chargedUnit(finding: Finding, { sent, accepted }: Traffic): Charged {
  if (finding.outcome === 'ok' || finding.outcome === 'absent') return 'yes';
  if (sent === 0) return 'no';
  if (finding.outcome === 'skipped') return accepted ? 'yes' : 'unknown';
  // One of several requests may have been billed before another was turned away.
  if (TURNED_AWAY.has(finding.class)) return accepted && sent > 1 ? 'unknown' : 'no';
  if (finding.class === 'bad_request') return accepted ? 'yes' : 'no';
  return 'unknown';
}

/** Was the call billed, as far as its questions tell? */
export function chargedCall(units: readonly Charged[]): Charged {
  return (['yes', 'unknown'] as const).find((charged) => units.includes(charged)) ?? 'no';
}

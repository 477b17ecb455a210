export const OUTCOMES = ['ok', 'absent', 'failed', 'skipped'] as const;
/**
 * ok: measured, zero included · absent: the provider says it has nothing ·
 * failed(class): no usable answer · skipped(reason): not asked, and why.
 */
export type Outcome = (typeof OUTCOMES)[number];

export const FAILURE_CLASSES = [
  'bad_request',
  'auth',
  'quota',
  'rate_limited',
  'server',
  'malformed',
  'timeout',
  'network',
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

export const SKIP_REASONS = [
  'expired',
  'provider_down',
  'quota',
  'budget',
  'same_unit',
  'no_fact',
  'robots',
  'unsupported',
  'triage',
  'cancelled',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What stands in brackets behind failed or skipped. */
export type OutcomeDetail = FailureClass | SkipReason;

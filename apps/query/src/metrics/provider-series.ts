import type { CallFigures, Health, Quota } from '../openapi/health-shapes.js';

/** Places of a series: limit_key is '' for the provider as a whole. */
export interface Labels {
  readonly provider: string;
  readonly limit_key: string;
  readonly quantile?: string;
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** What has a figure of its own: a provider, or one of its limit keys in trouble. */
export interface Shown extends CallFigures, Partial<Pick<Health, 'lag' | 'waiting'>> {
  readonly provider: string;
  readonly limitKey: string;
  /** Limit keys whose breaker is open: of all that are in trouble, or 1 for this one. */
  readonly breakersOpen: number;
  /** The same of breakers that are half open. */
  readonly breakersHalfOpen: number;
  readonly quota: Quota | null;
  readonly parked: number;
}

export interface Series {
  readonly name: string;
  readonly help: string;
  /** Empty where the figure is not known: a missing series, not a 0. */
  samples(shown: Shown, now: number): readonly Sample[];
}

const ASKED = 'Without limit_key: the whole provider; with it: a limit key in trouble.';

const gauge = (
  name: string,
  help: string,
  valueOf: (shown: Shown, now: number) => number | null | undefined,
): Series => ({
  name: `assay_provider_${name}`,
  help: `${help} ${ASKED}`,
  samples: (shown, now) => present(shown, valueOf(shown, now)),
});

/** Every series about providers. */
export const PROVIDER_SERIES: readonly Series[] = [
  gauge(
    'calls_per_minute',
    'Calls that ended, per minute, over the last minute.',
    (shown) => shown.callsPerMinute,
  ),
  gauge(
    'success_ratio',
    'Share (0 to 1) of calls of the last minute that came to ok or absent; skipped ones are left out.',
    (shown) => shown.successRate,
  ),
  {
    name: 'assay_provider_latency_seconds',
    help: `Latency in seconds of calls of the last minute by quantile, at most 10 % off. ${ASKED}`,
    samples: (shown) => [
      ...present(shown, seconds(shown.p50Ms), '0.5'),
      ...present(shown, seconds(shown.p95Ms), '0.95'),
    ],
  },
  gauge(
    'rate_limited_ratio',
    'Share (0 to 1) of calls of the last minute that were refused as too many (429).',
    (shown) => shown.rateLimitedShare,
  ),
  gauge('breaker_open', 'Limit keys whose breaker is open (a count).', (shown) => shown.breakersOpen),
  gauge(
    'breaker_half_open',
    'Limit keys whose breaker waits for a try, or for one that succeeds (a count).',
    (shown) => shown.breakersHalfOpen,
  ),
  gauge(
    'quota_left',
    'Calls or units left of the scarcest quota window of a minute or longer (a count).',
    (shown) => shown.quota?.left,
  ),
  gauge('quota_reset_seconds', 'Seconds until the next of that quota comes back.', ({ quota }, now) =>
    quota?.resetsAt ? Math.max(0, (Date.parse(quota.resetsAt) - now) / 1_000) : undefined,
  ),
  gauge('parked', 'Cells that wait in the table for their turn (a count).', (shown) => shown.parked),
  gauge(
    'lag',
    'Messages of its group not handled yet (a count); one that takes long keeps those behind it in it.',
    (shown) => shown.lag,
  ),
  gauge(
    'waiting',
    'Questions that fetchers hold without an outcome yet (a count).',
    (shown) => shown.waiting,
  ),
];

/** A provider and its limit keys in trouble, each as one that has figures. */
export function shownOf(provider: string, health: Health): Shown[] {
  return [
    { ...health, provider, limitKey: '', breakersOpen: health.open, breakersHalfOpen: health.halfOpen },
    ...health.troubles.map((trouble) => ({
      ...trouble,
      provider,
      breakersOpen: trouble.state === 'open' ? 1 : 0,
      breakersHalfOpen: trouble.state === 'half_open' ? 1 : 0,
    })),
  ];
}

function present(shown: Shown, value: number | null | undefined, quantile?: string): Sample[] {
  if (value === null || value === undefined) return [];
  const labels = { provider: shown.provider, limit_key: shown.limitKey, ...(quantile && { quantile }) };
  return [{ labels, value }];
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

import { addCounts, quantileMs, type ClassCounts, type Histogram } from '@assay/contracts';
import type { CallFigures, Health } from '../openapi/health-shapes.js';

/** What one fetcher wrote about a provider, or one limit key of it. */
export interface StatRecord {
  readonly provider: string;
  /** '' is the provider as a whole. */
  readonly limit_key: string;
  readonly calls: number;
  readonly by_class: ClassCounts;
  readonly histogram: Histogram;
  /** ms that the calls were counted over. */
  readonly span_ms: number;
  readonly in_flight: number | null;
  readonly waiting: number | null;
  readonly lag: string | null;
  /** Written so lately that its fetcher lives: what is true of a moment counts from such rows only. */
  readonly fresh: boolean;
}

/** Figures over all fetchers: sums and merged histograms, never means of shares or quantiles. */
export function callFigures(records: readonly StatRecord[]): CallFigures {
  const byClass: ClassCounts = {};
  const histogram: Histogram = {};
  for (const record of records) {
    addCounts(byClass, record.by_class);
    addCounts(histogram, record.histogram);
  }
  const calls = sum(records.map((record) => record.calls));
  const perMinute = sum(records.map((record) => (record.calls * 60_000) / record.span_ms));
  const judged = (calls ?? 0) - (byClass.skipped ?? 0);
  const shareOf = (n: number) => (judged > 0 ? n / judged : null);
  return {
    calls,
    byClass: byClass as Record<string, number>,
    callsPerMinute: tenths(perMinute),
    successRate: shareOf((byClass.ok ?? 0) + (byClass.absent ?? 0)),
    rateLimitedShare: shareOf(byClass.rate_limited ?? 0),
    p50Ms: tenths(quantileMs(histogram, 0.5)),
    p95Ms: tenths(quantileMs(histogram, 0.95)),
  };
}

/** What is true of this moment, over the fetchers that live. */
export function gauges(records: readonly StatRecord[]): Pick<Health, 'inFlight' | 'waiting' | 'lag'> {
  const fresh = records.filter((record) => record.fresh);
  return {
    inFlight: sum(fresh.map((record) => record.in_flight)),
    waiting: sum(fresh.map((record) => record.waiting)),
    lag: sum(fresh.map(({ lag }) => (lag === null ? null : Number(lag)))),
  };
}

/** Of those that are known; null where none is. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function tenths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

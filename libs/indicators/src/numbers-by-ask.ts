import type { MetricValue } from '@assay/providers';

/** The measured numbers of one row: ask to metric to value. What was not measured is missing. */
export type NumbersByAsk = Readonly<Record<string, Readonly<Record<string, MetricValue>>>>;

/** A metric as a number, true as 1; undefined where it was not measured. */
export function numberOf(numbers: NumbersByAsk, ask: string, metric: string): number | undefined {
  const value = numbers[ask]?.[metric];
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The first of several places where the same number may stand. */
export function firstNumberOf(
  numbers: NumbersByAsk,
  asks: readonly string[],
  metric: string,
): number | undefined {
  for (const ask of asks) {
    const value = numberOf(numbers, ask, metric);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Matches of the submitted URL and of the one it leads to: the larger number. */
export function threatMatches(numbers: NumbersByAsk): number | undefined {
  const submitted = numberOf(numbers, 'safebrowsing', 'match_count');
  const final = numberOf(numbers, 'safebrowsing.final', 'match_count');
  if (submitted === undefined || final === undefined) return submitted ?? final;
  return Math.max(submitted, final);
}

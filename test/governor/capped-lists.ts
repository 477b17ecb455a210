import type { Ceilings } from '@assay/contracts';
import type { ProviderCounts } from '../harness/simulator-control.js';

export type Counts = Readonly<Record<string, ProviderCounts>>;

/** A list with a ceiling at about half of what it wants. No two lists share a provider, so counts tell them apart. */
export interface CappedList {
  readonly name: string;
  /** Those that the ceiling holds for, */
  readonly providers: readonly string[];
  /** and those that it does not. */
  readonly free: readonly string[];
  /** The provider whose ceiling it is; '' for that of the whole submission. */
  readonly of: string;
  readonly unit: 'microUsd' | 'calls';
  readonly ceiling: number;
  /** Of the whole list, without a ceiling. */
  readonly wanted: number;
  readonly ceilings: (most: number) => Ceilings;
  /** What the simulator has been asked, times the price. */
  readonly spent: (counts: Counts) => number;
}

/** Smaller than documented, so that a ceiling falls between many calls. */
export const BATCHES: Readonly<Record<string, number>> = { ahrefs: 5, moz: 10, dataforseo: 10 };
/** How often a unit stands in the requests of one call: DataForSEO is asked at four addresses. */
export const TIMES_ASKED: Readonly<Record<string, number>> = { dataforseo: 4 };
const MICRO = 1_000_000;

/** Lists of so many URLs, four on each domain. */
export function cappedLists(urls: number): CappedList[] {
  const domains = urls / 4;
  const half = (wanted: number) => Math.ceil(wanted / 2);
  const calls = (counts: Counts, id: string) => counts[id]?.calls ?? 0;
  const whole = {
    name: 'price',
    of: '',
    providers: ['webrisk', 'semrush'],
    free: [],
    unit: 'microUsd' as const,
    wanted: urls * 500 + (urls + domains) * 2_000,
    ceilings: (most: number) => ({ maxPrice: most / MICRO }),
    spent: (counts: Counts) => calls(counts, 'webrisk') * 500 + calls(counts, 'semrush') * 2_000,
  };
  const wholeCalls = {
    name: 'calls',
    of: '',
    providers: ['ahrefs', 'tranco'],
    free: [],
    unit: 'calls' as const,
    wanted: (urls + domains) / BATCHES['ahrefs']! + domains,
    ceilings: (most: number) => ({ maxCalls: most }),
    spent: (counts: Counts) => calls(counts, 'ahrefs') + calls(counts, 'tranco'),
  };
  const own = {
    name: 'moz-price',
    of: 'moz',
    providers: ['moz'],
    free: ['greenweb'],
    unit: 'microUsd' as const,
    wanted: (urls + 2 * domains) * 5_000,
    ceilings: (most: number) => ({ providers: { moz: { maxPrice: most / MICRO } } }),
    spent: (counts: Counts) => (counts['moz']?.units ?? 0) * 5_000,
  };
  const ownCalls = {
    name: 'dataforseo-calls',
    of: 'dataforseo',
    providers: ['dataforseo'],
    free: ['urlhaus'],
    unit: 'calls' as const,
    wanted: (4 * (urls + 2 * domains)) / BATCHES['dataforseo']!,
    ceilings: (most: number) => ({ providers: { dataforseo: { maxCalls: most } } }),
    spent: (counts: Counts) => calls(counts, 'dataforseo'),
  };
  return [whole, wholeCalls, own, ownCalls].map((list) => ({ ...list, ceiling: half(list.wanted) }));
}

import type {
  CountBounds,
  Lane,
  LineCounts,
  PlannedAskView,
  PlannedProvider,
  PlannedSkip,
  PriceBounds,
  SubmissionPlan,
  SubmissionState,
} from '@assay/contracts';
import { submissionLinks } from '@assay/contracts';
import type { Provider } from '@assay/providers';
import { shownCeilings, type StoredCeiling, type StoredCeilings } from '../ceilings.js';
import { forecast, type ProviderForecast, type ProviderLoad } from './forecast.js';
import { shortfallWords, unsupportedWords, usd, whole } from './plan-words.js';
import {
  added,
  providerCost,
  unitsToAsk,
  type AskWork,
  type Bounds,
  type ProviderCost,
} from './provider-cost.js';
import { quotaShare } from './provider-load.js';

export interface PlannedWork {
  readonly provider: Provider;
  readonly works: readonly AskWork[];
  readonly load: ProviderLoad;
}

/** What is known of a submission beside its units. Times in ms. */
export interface PlanHead {
  readonly id: string;
  readonly state: SubmissionState;
  readonly lane: Lane;
  readonly counts: LineCounts;
  readonly round1Ms: number;
  readonly deadlineMs: number;
  readonly patienceMs: number;
  readonly ceilings: StoredCeilings | null;
  readonly inFlightRows: number;
  readonly now: number;
}

const MICRO = 1_000_000;

/** The plan as the API answers it. Pure. */
export function planView(head: PlanHead, planned: readonly PlannedWork[]): SubmissionPlan {
  const rows = head.counts.accepted;
  const loads = planned.map(({ load }) => load);
  const foreseen = forecast(loads, { ...head, rows });
  const priced = planned.map((work) => ({ ...work, cost: providerCost(work.provider, work.works) }));
  const providers = priced.map((work) => providerView(head, work, foreseen.providers.get(work.provider.id)!));
  const counted = sumOf(priced.map((work) => countedCalls(head, work)));
  const shared = sumOf(priced.map(({ cost }) => cost.shared));
  const calls = added(counted, shared);
  const microUsd = sumOf(providers.map(({ price }) => scaled(price, MICRO)));
  const capped = {
    calls: added(under(counted, head.ceilings?.calls), shared),
    microUsd: under(microUsd, head.ceilings?.microUsd),
  };
  return {
    id: head.id,
    state: head.state,
    lane: head.lane,
    counts: head.counts,
    rows,
    calls: capped.calls,
    price: inUsd(capped.microUsd),
    endS: seconds(foreseen.endMs),
    exact: calls.min === calls.max && microUsd.min === microUsd.max,
    ceilings: shownCeilings(head.ceilings),
    providers,
    skipped: [...skippedWords(providers), ...overAll(head.ceilings, counted, microUsd)],
    links: submissionLinks(head.id),
  };
}

/** What many providers do not take is said once. */
function skippedWords(providers: readonly PlannedProvider[]): string[] {
  const refusing = providers.filter(({ skipped }) => skipped.some(({ reason }) => reason === 'unsupported'));
  const units = refusing.flatMap(({ skipped }) => skipped).filter(({ reason }) => reason === 'unsupported');
  const sum = units.reduce((total, skip) => total + skip.units, 0);
  const names = refusing.map(({ provider }) => provider).join(', ');
  return [
    ...providers.flatMap(({ provider, skipped }) =>
      skipped.filter(({ reason }) => reason !== 'unsupported').map(({ why }) => `${provider}: ${why}`),
    ),
    ...(sum > 0 ? [`${names}: ${unsupportedWords(sum)}`] : []),
  ];
}

type Priced = PlannedWork & { readonly cost: ProviderCost };

/** What is shared with other rows no ceiling counts, and so none cuts it. */
function countedCalls({ ceilings }: PlanHead, { provider, cost }: Priced): Bounds {
  return under(cost.requests, ceilings?.providers?.[provider.id]?.calls);
}

function providerView(head: PlanHead, work: Priced, own: ProviderForecast): PlannedProvider {
  const { provider, works, load, cost } = work;
  const ceiling = head.ceilings?.providers?.[provider.id];
  return {
    provider: provider.id,
    rows: head.counts.accepted,
    asks: works.map(askView),
    calls: added(countedCalls(head, work), cost.shared),
    price: inUsd(under(cost.microUsd, ceiling?.microUsd)),
    quotaShare: quotaShare(load),
    endS: seconds(own.endMs),
    skipped: [...unsupported(work), ...short(head, work, own), ...overBudget(provider.id, cost, ceiling)],
  };
}

function askView(work: AskWork): PlannedAskView {
  const { ask, from, rows, units, fresh } = work;
  const toAsk = unitsToAsk(work);
  const most = from === 'facts' ? rows : toAsk;
  return {
    ask: ask.id,
    round: ask.round,
    unit: ask.unit,
    exact: from !== 'facts',
    units: from === 'facts' ? { min: 0, likely: units, max: rows } : same(units),
    fresh,
    toAsk: from === 'facts' ? { min: 0, likely: toAsk, max: most } : same(toAsk),
  };
}

function unsupported({ works }: Priced): PlannedSkip[] {
  const units = works.reduce((sum, work) => sum + work.unsupported, 0);
  return units === 0 ? [] : [{ reason: 'unsupported', units, why: unsupportedWords(units) }];
}

function short({ now }: PlanHead, { works, load }: Priced, own: ProviderForecast): PlannedSkip[] {
  if (!own.short) return [];
  const { units, backInMs } = own.short;
  const kinds = [...new Set(works.filter((work) => unitsToAsk(work) > 0).map(({ ask }) => ask.unit))];
  const ownKeys = load.keys.length > 1 || own.short.keys > 1 || own.short.name !== load.provider;
  const why = shortfallWords(own.short, kinds, ownKeys);
  const until = backInMs === undefined ? {} : { until: new Date(now + backInMs).toISOString() };
  return [{ reason: 'quota', units, ...until, why }];
}

function overBudget(id: string, cost: ProviderCost, ceiling: StoredCeiling | undefined): PlannedSkip[] {
  const share = Math.min(
    shareOf(ceiling?.calls, cost.requests.likely),
    shareOf(ceiling?.microUsd, cost.microUsd.likely),
  );
  if (share >= 1) return [];
  const units = Math.ceil(cost.units.likely * (1 - share));
  const why = `its ceiling allows about ${whole(share * 100)} % of what ${id} is likely to take: about ${whole(units)} units will be skipped(budget).`;
  return [{ reason: 'budget', units, why }];
}

function overAll(ceilings: StoredCeilings | null, calls: Bounds, microUsd: Bounds): string[] {
  const words: string[] = [];
  if (shareOf(ceilings?.calls, calls.likely) < 1)
    words.push(
      `The ceiling of ${whole(ceilings!.calls!)} calls is below the ${whole(calls.likely)} that are likely: what is beyond it will be skipped(budget).`,
    );
  if (shareOf(ceilings?.microUsd, microUsd.likely) < 1)
    words.push(
      `The ceiling of ${usd(ceilings!.microUsd! / MICRO)} is below the likely ${usd(microUsd.likely / MICRO)}: what is beyond it will be skipped(budget).`,
    );
  return words;
}

function shareOf(ceiling: number | undefined, likely: number): number {
  return ceiling === undefined || likely === 0 ? 1 : ceiling / likely;
}

const same = (n: number): CountBounds => ({ min: n, likely: n, max: n });
const seconds = (ms: number) => Math.ceil(ms / 100) / 10;

function scaled({ min, likely, max }: Bounds, by: number): Bounds {
  return { min: Math.round(min * by), likely: Math.round(likely * by), max: Math.round(max * by) };
}

function inUsd({ min, likely, max }: Bounds): PriceBounds {
  return { min: min / MICRO, likely: likely / MICRO, max: max / MICRO };
}

function under({ min, likely, max }: Bounds, ceiling = Infinity): Bounds {
  return { min: Math.min(min, ceiling), likely: Math.min(likely, ceiling), max: Math.min(max, ceiling) };
}

function sumOf(bounds: readonly Bounds[]): Bounds {
  const sum = { min: 0, likely: 0, max: 0 };
  for (const { min, likely, max } of bounds) {
    sum.min += min;
    sum.likely += likely;
    sum.max += max;
  }
  return sum;
}

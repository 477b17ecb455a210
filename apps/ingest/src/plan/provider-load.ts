import { callsPaid, msToPacificMidnight, type LimitWindow, type Provider } from '@assay/providers';
import type { KeyLoad, ProviderLoad } from './forecast.js';
import type { PlanWindow } from './limit-pace.js';
import { batchesOf, groupsOf, type AskWork, type KeyGroup } from './provider-cost.js';
import { pausedFor, quotaLeft, type Back, type PermitRow } from './quota-left.js';

/** What an installation holds of a provider's limits. */
export interface Holding {
  /** Keys of ours; none counts as one. */
  readonly credentials: number;
  /** Multiplies every limit. */
  readonly factor: number;
  /** Of this provider. */
  readonly permits: readonly PermitRow[];
}

const DAY_MS = 86_400_000;

/** The work of a provider by limit key, with what its windows have left. Pure. */
export function providerLoad(
  provider: Provider,
  works: readonly AskWork[],
  holding: Holding,
  now: number,
): ProviderLoad {
  const after = works.every(({ from }) => from === 'facts') ? works[0]?.ask.needs?.from : undefined;
  return {
    provider: provider.id,
    concurrency: provider.concurrency,
    concurrencyPerKey: provider.concurrencyPerKey ?? provider.concurrency,
    keys: groupsOf(works).map((group) => keyLoad(provider, group, holding, now)),
    after,
  };
}

function keyLoad(
  provider: Provider,
  { name, keys, parts }: KeyGroup,
  holding: Holding,
  now: number,
): KeyLoad {
  const { batches: bounds, units, requests } = batchesOf(provider, parts);
  const batches = bounds.likely;
  const steps = 'steps' in provider;
  const rows = holding.permits.filter(({ limit_key }) => limit_key === name);
  const own = rows.length >= Math.max(1, holding.credentials);
  return {
    name,
    keys,
    units,
    batches,
    permits: Math.max(requests.likely, batches * callsPaid(provider)),
    requestsInTurn: steps ? requests.likely / Math.max(1, batches) : 1,
    round: parts.every(({ ask }) => ask.round === 2) ? 2 : 1,
    windows: limitsOf(provider, holding).map((limit) => planWindow(limit, holding, rows, now)),
    // One of several keys that does not pause goes on.
    pausedMs: own ? Math.min(...rows.map(({ state }) => pausedFor(state, now))) : 0,
  };
}

export function limitsOf(
  provider: Provider,
  { credentials }: Pick<Holding, 'credentials'>,
): readonly LimitWindow[] {
  const keyless = credentials === 0 ? provider.limitsWithoutKey : undefined;
  return keyless ?? provider.limits;
}

/** A key of which no row tells has used nothing. */
function planWindow(
  limit: LimitWindow,
  holding: Holding,
  rows: readonly PermitRow[],
  now: number,
): PlanWindow {
  const permits = Math.max(1, Math.floor(limit.permits * holding.factor));
  const keys = Math.max(1, holding.credentials);
  const told = rows.flatMap(({ state }) => quotaLeft(state, { ...limit, permits }, now) ?? []);
  const left = told.reduce((sum, one) => sum + one.left, 0) + Math.max(0, keys - told.length) * permits;
  const next = told.flatMap(({ backInMs }) => backInMs ?? []);
  const backInMs = next.length > 0 ? Math.min(...next) : untilBack(limit, now);
  const window = { of: limit.of, perMs: limit.perMs, permits, keys, left: Math.min(left, permits * keys) };
  const slots = told.flatMap(({ back = [] }) => back);
  return slots.length > 0
    ? { ...window, backInMs, back: slidingBack(window, slots) }
    : { ...window, backInMs };
}

/** What is left is taken now, and comes back a window later. */
function slidingBack(
  { left, perMs, permits, keys }: Omit<PlanWindow, 'backInMs'>,
  slots: readonly Back[],
): Back[] {
  const known = slots.reduce((sum, slot) => sum + slot.permits, left);
  const rest = left + Math.max(0, permits * keys - known);
  return [...slots, { inMs: perMs, permits: rest }].sort((a, b) => a.inMs - b.inMs);
}

function untilBack({ resets, perMs }: LimitWindow, now: number): number {
  if (resets === 'utc') return DAY_MS - (now % DAY_MS);
  return resets === 'pacific' ? msToPacificMidnight(now) : perMs;
}

/** Windows that make a quota, an hour or longer, are shares of something; shorter ones are a pace. */
const SHARE_FROM_MS = 3_600_000;

/** Share of what is left of the scarcest quota that this work takes, 0–1; null where there is no quota. */
export function quotaShare({ keys }: ProviderLoad): number | null {
  let share: number | null = null;
  for (const { windows, units, permits } of keys)
    for (const window of windows) {
      if (window.perMs < SHARE_FROM_MS) continue;
      const need = window.of === 'units' ? units : permits;
      const own = need === 0 ? 0 : window.left === 0 ? 1 : Math.min(1, need / window.left);
      share = Math.max(share ?? 0, own);
    }
  return share;
}

import type { Plan } from '@assay/contracts';

/**
 * Two plans of one row as one: every ask with the highest gen, the later of each time, the longer
 * patience and grace; maxAge, `freshFrom`, `freshFromOf` and `cancelled` of the later dispatch, since a retry may follow
 * a cancel; `capped` where one is. `only` is about one message and never kept. Order and repetition do not
 * matter. Returns `a` itself where `b` adds nothing.
 */
export function mergePlans(a: Plan, b: Plan): Plan {
  if (a === b) return rowPlan(a);
  const asks = mergeAsks(a.asks, b.asks);
  const dispatchedAt = Math.max(a.dispatchedAt, b.dispatchedAt);
  const round1At = Math.max(a.round1At, b.round1At);
  const deadlineAt = Math.max(a.deadlineAt, b.deadlineAt);
  const graceMs = Math.max(a.graceMs, b.graceMs);
  const patienceMs = Math.max(a.patienceMs, b.patienceMs);
  const freshFrom = laterFreshFrom(a, b);
  const freshFromOf = laterFreshFromOf(a, b);
  const maxAgeMs = laterMaxAge(a, b);
  const cancelled = laterCancelled(a, b);
  const capped = a.capped ?? b.capped;
  if (
    asks === a.asks &&
    dispatchedAt === a.dispatchedAt &&
    round1At === a.round1At &&
    deadlineAt === a.deadlineAt &&
    graceMs === a.graceMs &&
    patienceMs === a.patienceMs &&
    freshFrom === a.freshFrom &&
    freshFromOf === a.freshFromOf &&
    maxAgeMs === a.maxAgeMs &&
    cancelled === a.cancelled &&
    capped === a.capped
  )
    return rowPlan(a);
  const times = { dispatchedAt, round1At, deadlineAt, graceMs, patienceMs };
  return {
    ...{ submission: a.submission, asks, ...times },
    ...(freshFrom !== undefined && { freshFrom }),
    ...(freshFromOf && { freshFromOf }),
    ...(maxAgeMs !== undefined && { maxAgeMs }),
    ...(cancelled && { cancelled }),
    ...(capped && { capped }),
  };
}

/** The plan as a row keeps it. */
export function rowPlan(plan: Plan): Plan {
  if (!plan.only) return plan;
  const { only: _only, ...kept } = plan;
  return kept;
}

function mergeAsks(a: Plan['asks'], b: Plan['asks']): Plan['asks'] {
  if (a === b) return a;
  let merged = a;
  for (const ask in b) {
    if ((merged[ask] ?? -1) >= b[ask]!) continue;
    if (merged === a) merged = { ...a };
    merged[ask] = b[ask]!;
  }
  return merged;
}

/** Of two dispatches at the same time the stricter age counts; one without a limit is the mildest. */
function laterMaxAge(a: Plan, b: Plan): number | undefined {
  if (a.dispatchedAt !== b.dispatchedAt) return (a.dispatchedAt > b.dispatchedAt ? a : b).maxAgeMs;
  if (a.maxAgeMs === undefined || b.maxAgeMs === undefined) return a.maxAgeMs ?? b.maxAgeMs;
  return Math.min(a.maxAgeMs, b.maxAgeMs);
}

/** Of one dispatch all messages have the same, save that of an older release, which has none. */
function laterFreshFrom(a: Plan, b: Plan): number | undefined {
  if (a.dispatchedAt !== b.dispatchedAt) return (a.dispatchedAt > b.dispatchedAt ? a : b).freshFrom;
  if (a.freshFrom === undefined || b.freshFrom === undefined) return a.freshFrom ?? b.freshFrom;
  return Math.min(a.freshFrom, b.freshFrom);
}

/** A reminder of the same dispatch has none. */
function laterFreshFromOf(a: Plan, b: Plan): Plan['freshFromOf'] {
  if (a.dispatchedAt !== b.dispatchedAt) return (a.dispatchedAt > b.dispatchedAt ? a : b).freshFromOf;
  if (!a.freshFromOf || !b.freshFromOf) return a.freshFromOf ?? b.freshFromOf;
  const merged = { ...a.freshFromOf };
  for (const [ask, at] of Object.entries(b.freshFromOf)) merged[ask] = Math.min(merged[ask] ?? at, at);
  return sameTimes(merged, a.freshFromOf) ? a.freshFromOf : merged;
}

/** Of one that has all asks of the other. */
function sameTimes(all: Record<string, number>, some: Record<string, number>): boolean {
  for (const ask in all) if (all[ask] !== some[ask]) return false;
  return true;
}

function laterCancelled(a: Plan, b: Plan): true | undefined {
  if (a.dispatchedAt !== b.dispatchedAt) return (a.dispatchedAt > b.dispatchedAt ? a : b).cancelled;
  return a.cancelled ?? b.cancelled;
}

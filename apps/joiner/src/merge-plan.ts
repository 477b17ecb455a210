import type { Plan } from '@assay/contracts';

/**
 * Two plans of one row as one: every ask with the highest gen, the later of each time, the longer
 * patience and grace; maxAge, `freshFrom`, `freshFromOf` and `cancelled` of the later dispatch, since a retry may follow
 * a cancel; `capped` where one is. `only` is about one message and never kept. Order and repetition do not
 * matter. Returns `a` itself where `b` adds nothing.
 */
export function mergePlans(a: Plan, b: Plan): Plan {
  if (a === b) return rowPlan(a);
  const asks = merge(a.asks, b.asks, (one, known) => one > known);
  const dispatchedAt = Math.max(a.dispatchedAt, b.dispatchedAt);
  const round1At = Math.max(a.round1At, b.round1At);
  const deadlineAt = Math.max(a.deadlineAt, b.deadlineAt);
  const graceMs = Math.max(a.graceMs, b.graceMs);
  const patienceMs = Math.max(a.patienceMs, b.patienceMs);
  const later = laterOf(a, b);
  // Of one dispatch all messages have the same, save that of an older release, which has none.
  const freshFrom = later ? later.freshFrom : least(a.freshFrom, b.freshFrom);
  const freshFromOf = later ? later.freshFromOf : earliest(a.freshFromOf, b.freshFromOf);
  // Of two dispatches at the same time the stricter age counts; one without a limit is the mildest.
  const maxAgeMs = later ? later.maxAgeMs : least(a.maxAgeMs, b.maxAgeMs);
  const cancelled = later ? later.cancelled : (a.cancelled ?? b.cancelled);
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

/** Both as one, the value that `wins` for each ask; `a` itself where `b` adds nothing. */
function merge<T extends Plan['asks']>(a: T, b: T, wins: (one: number, known: number) => boolean): T {
  if (a === b) return a;
  let merged = a;
  for (const ask in b) {
    const known = merged[ask];
    if (known !== undefined && !wins(b[ask]!, known)) continue;
    if (merged === a) merged = { ...a };
    merged[ask] = b[ask]!;
  }
  return merged;
}

/** Of two dispatches the later one; undefined where they are at the same time. */
function laterOf(a: Plan, b: Plan): Plan | undefined {
  if (a.dispatchedAt === b.dispatchedAt) return undefined;
  return a.dispatchedAt > b.dispatchedAt ? a : b;
}

/** Where one has none, that of the other. */
function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** A reminder of the same dispatch has none. */
function earliest(a: Plan['freshFromOf'], b: Plan['freshFromOf']): Plan['freshFromOf'] {
  return a && b ? merge(a, b, (one, known) => one < known) : (a ?? b);
}

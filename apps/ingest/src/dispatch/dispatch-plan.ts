import type { Lane, Plan } from '@assay/contracts';

export interface DispatchRow {
  readonly seq: number;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly bucket: number;
  /** In a retry: the asks that this row is asked again. */
  readonly asks?: readonly string[];
  /** Of those, the ones whose own cell the retry is about; none given: all. */
  readonly matched?: readonly string[] | null;
}

/** A range of rows with everything that is fixed for it, ready to be sent any number of times. */
export interface Dispatch {
  readonly chunk: number;
  readonly lane: Lane;
  /** 0, or of a retry that went over the rows named in `retry_row`. */
  readonly gen: number;
  /** Of a row that is asked everything; see `planOfRow`. */
  readonly plan: Plan;
  /** `freshFrom` of the list itself, for what a retry raises without being about it. */
  readonly listFreshFrom?: number | undefined;
  readonly partitions: number;
  readonly rows: readonly DispatchRow[];
}

/** How one row goes out. `asks`: those that a fetcher shall ask now, all of round one. */
export interface RowDispatch {
  readonly plan: Plan;
  readonly asks: readonly string[];
}

export type RoundOneAsks = (asks: readonly string[]) => readonly string[];

/**
 * Plans of a dispatch's rows. In a retry each raises its own asks, and most rows the same ones: they
 * share a plan. No fetcher wants a row that was cancelled, or of which only round two is retried.
 */
export function planOfRow(
  dispatch: Pick<Dispatch, 'gen' | 'plan' | 'listFreshFrom'>,
  roundOne: RoundOneAsks,
): (row: Pick<DispatchRow, 'asks' | 'matched'>) => RowDispatch {
  const { plan } = dispatch;
  const all: RowDispatch = { plan, asks: plan.cancelled ? [] : roundOne(Object.keys(plan.asks)) };
  const bySet = new Map<string, RowDispatch>();
  return ({ asks, matched }) => {
    if (!asks) return all;
    const dependents = matched ? asks.filter((ask) => !matched.includes(ask)) : [];
    const set = `${asks.join()} ${dependents.join()}`;
    const known = bySet.get(set) ?? raise(dispatch, asks, dependents, roundOne);
    bySet.set(set, known);
    return known;
  };
}

function raise(
  { gen, plan, listFreshFrom }: Pick<Dispatch, 'gen' | 'plan' | 'listFreshFrom'>,
  raised: readonly string[],
  dependents: readonly string[],
  roundOne: RoundOneAsks,
): RowDispatch {
  const only = [...roundOne(raised)];
  const asks = { ...plan.asks };
  for (const ask of raised) asks[ask] = gen;
  const earlier = listFreshFrom === undefined ? [] : dependents.map((ask) => [ask, listFreshFrom] as const);
  const freshFromOf = earlier.length > 0 && { freshFromOf: Object.fromEntries(earlier) };
  return { plan: { ...plan, asks, only, ...freshFromOf }, asks: plan.cancelled ? [] : only };
}

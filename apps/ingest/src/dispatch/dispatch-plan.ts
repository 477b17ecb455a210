import type { Lane, Plan } from '@assay/contracts';

export interface DispatchRow {
  readonly seq: number;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly bucket: number;
  /** In a retry: the asks that this row is asked again. */
  readonly asks?: readonly string[];
}

/** A range of rows with everything that is fixed for it, ready to be sent any number of times. */
export interface Dispatch {
  readonly chunk: number;
  readonly lane: Lane;
  /** 0, or of a retry that went over the rows named in `retry_row`. */
  readonly gen: number;
  /** Of a row that is asked everything; see `planOfRow`. */
  readonly plan: Plan;
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
  { gen, plan }: Pick<Dispatch, 'gen' | 'plan'>,
  roundOne: RoundOneAsks,
): (row: Pick<DispatchRow, 'asks'>) => RowDispatch {
  const all: RowDispatch = { plan, asks: plan.cancelled ? [] : roundOne(Object.keys(plan.asks)) };
  const bySet = new Map<string, RowDispatch>();
  return ({ asks }) => {
    if (!asks) return all;
    const set = asks.join();
    const known = bySet.get(set) ?? raise(plan, gen, asks, roundOne);
    bySet.set(set, known);
    return known;
  };
}

function raise(plan: Plan, gen: number, raised: readonly string[], roundOne: RoundOneAsks): RowDispatch {
  const only = [...roundOne(raised)];
  const asks = { ...plan.asks };
  for (const ask of raised) asks[ask] = gen;
  return { plan: { ...plan, asks, only }, asks: plan.cancelled ? [] : only };
}

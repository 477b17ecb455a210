import { unitKey } from '@assay/contracts';
import { lastAttempt, type RowState } from '../../apps/joiner/src/row-state.js';
import { ASKS, definitionOf } from './truth.js';

/** What fetchers wrote, by row, ask and gen. */
export interface Written {
  /** When a measured cell was written first, with its unit. */
  readonly measuredAt: ReadonlyMap<string, { readonly at: number; readonly unit: string }>;
  /** When facts were written first. */
  readonly foundAt: ReadonlyMap<string, number>;
  /** Units asked about. */
  readonly units: ReadonlyMap<string, string>;
}

/** What the joiner decided by time in this write, though what was written before that time lay unread. */
export function misjudgedOf(
  key: string,
  before: RowState | undefined,
  after: RowState,
  written: Written,
): string[] {
  return [
    ...Object.keys(after.ended)
      .filter((ask) => isEndedUnread(key, ask, before, after, written))
      .map((ask) => `nothing is missing that lies unread: ${ask} of ${key}`),
    ...ASKS.filter((ask) => isChosenUnread(key, ask, before, after, written)).map(
      (ask) => `no fact is missing that lies unread: ${ask} of ${key}`,
    ),
  ];
}

/** It ended as expired, and was measured and written before the deadline. */
function isEndedUnread(
  key: string,
  ask: string,
  before: RowState | undefined,
  { plan, ended }: RowState,
  { measuredAt, units }: Written,
): boolean {
  const { gen, reason, at } = ended[ask]!;
  if (reason !== 'expired' || before?.ended[ask]?.gen === gen) return false;
  const measured = measuredAt.get(`${key} ${ask} ${gen}`);
  if (!measured || measured.at > Math.min(plan.deadlineAt, at)) return false;
  const asked = units.get(`${key} ${ask} ${gen}`);
  return asked === undefined || unitKey(asked) === measured.unit;
}

/** It was asked or ended without waiting for its finder, whose fact was written before round one closed. */
function isChosenUnread(
  key: string,
  ask: (typeof ASKS)[number],
  before: RowState | undefined,
  { plan, ended, emitted, cells }: RowState,
  { foundAt }: Written,
): boolean {
  const finder = definitionOf(ask).needs?.from;
  const gen = plan.asks[ask];
  if (finder === undefined || gen === undefined) return false;
  const isChosen = (state: RowState | undefined) =>
    state?.emitted[ask]?.gen === gen ||
    (state?.ended[ask]?.gen === gen && state.ended[ask].reason === 'no_fact');
  if (isChosen(before) || !isChosen({ plan, ended, emitted, cells } as RowState)) return false;
  const wanted = plan.asks[finder] ?? Infinity;
  const told = cells[finder];
  if ((told && lastAttempt(told).gen >= wanted) || (ended[finder]?.gen ?? -1) >= wanted) return false;
  return (foundAt.get(`${key} ${finder} ${wanted}`) ?? Infinity) <= plan.round1At;
}

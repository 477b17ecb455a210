import type { Lane } from '@assay/contracts';
import { isUnshown, PARTIAL_EVERY_MS } from './join-row.js';
import type { RowState } from './row-state.js';

/** A row as it lies in the table. `sweepAt` is null where nothing is due any more. */
export interface StoredRow {
  readonly revision: number;
  readonly sweepAt: number | null;
  readonly state: RowState;
}

/**
 * When the sweep shall look at a row that a message has changed. What was due stays due: only the
 * sweep itself moves its own time on, after all that it owes is out. A row that only now can ask round two, or has
 * more to ask, is looked at once more where round one has closed: nothing else closes it.
 */
export function sweepTime(before: StoredRow | undefined, state: RowState, lane: Lane): number | null {
  if (state.final) return null;
  const known = before?.state.final ? undefined : before;
  const kept = known?.sweepAt ?? closeOf(state);
  const planned = isNews(known?.state, state) ? Math.min(kept, closeOf(state)) : kept;
  return isUnshown(state, lane) ? Math.min(planned, state.shownAt + PARTIAL_EVERY_MS) : planned;
}

function isNews(before: RowState | undefined, after: RowState): boolean {
  return before?.row !== after.row || before?.plan.asks !== after.plan.asks;
}

/** When the sweep shall look again, after it has looked: at the close of round one, then at the deadline. */
export function sweepTimeAfter(state: RowState, now: number): number | null {
  if (state.final) return null;
  return now < closeOf(state) ? closeOf(state) : state.plan.deadlineAt;
}

function closeOf({ plan }: RowState): number {
  return Math.min(plan.round1At, plan.deadlineAt);
}

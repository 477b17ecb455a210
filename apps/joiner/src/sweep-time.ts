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
 * sweep itself moves its own time on, after all that it owes is out.
 */
export function sweepTime(before: StoredRow | undefined, state: RowState, lane: Lane): number | null {
  if (state.final) return null;
  const opened = !before || before.state.final;
  const planned = (opened ? null : before.sweepAt) ?? closeOf(state);
  return isUnshown(state, lane) ? Math.min(planned, state.shownAt + PARTIAL_EVERY_MS) : planned;
}

/** When the sweep shall look again, after it has looked: at the close of round one, then at the deadline. */
export function sweepTimeAfter(state: RowState, now: number): number | null {
  if (state.final) return null;
  return now < closeOf(state) ? closeOf(state) : state.plan.deadlineAt;
}

function closeOf({ plan }: RowState): number {
  return Math.min(plan.round1At, plan.deadlineAt);
}

import type { Cell, Plan } from '@assay/contracts';
import type { RowIdentity } from './row-state.js';
import type { Troubles } from './row-end.js';

/** One thing that happened to one row. `timestamp` is Kafka's. */
export type RowEvent =
  | { readonly kind: 'submitted'; readonly timestamp: number; readonly plan: Plan; readonly row: RowIdentity }
  | {
      readonly kind: 'cell';
      readonly timestamp: number;
      readonly plan: Plan;
      readonly ask: string;
      readonly cell: Cell;
    }
  /**
   * The sweep found that the row's own time has come. `at`, a time of the database's clock: all that was written
   * until then about rows of its partition is read.
   */
  | { readonly kind: 'due'; readonly at: number; readonly troubles: Troubles };

/** Too late to begin a row: by when it was written, not by when it is read. */
export function isLate(event: RowEvent): boolean {
  return event.kind !== 'due' && event.timestamp > event.plan.deadlineAt + event.plan.graceMs;
}

/**
 * Until when all that was written is read, where the sweep looked at `now`. A sweep that was stopped on its way may be
 * minutes old: what was written since lies unread, and is not missing.
 */
export function readUntil({ at }: Extract<RowEvent, { kind: 'due' }>, now: number): number {
  return Math.min(at, now);
}

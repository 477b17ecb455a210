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
  /** The sweep found, `at` a time of the database's clock, that the row's own time has come. */
  | { readonly kind: 'due'; readonly at: number; readonly troubles: Troubles };

/** Too late to begin a row: by when it was written, not by when it is read. */
export function isLate(event: RowEvent): boolean {
  return event.kind !== 'due' && event.timestamp > event.plan.deadlineAt + event.plan.graceMs;
}

/** A submission of up to this many rows is dispatched whole, in the transaction that accepts it. */
export const WHOLE_ROWS = 100;
/** Rows of one dispatch. */
export const CHUNK_ROWS = 500;

export interface Progress {
  readonly accepted: number;
  readonly dispatched: number;
  readonly final: number;
}

/**
 * How many rows may be dispatched next; 0 where none are left or too many are in flight. A chunk goes
 * whole or not at all, so that room that opens row by row is not spent on tiny ones.
 */
export function chunkSize({ accepted, dispatched, final }: Progress, inFlightRows: number): number {
  const left = accepted - dispatched;
  if (accepted <= WHOLE_ROWS) return left;
  const wanted = Math.min(CHUNK_ROWS, left);
  return dispatched - final + wanted <= inFlightRows ? wanted : 0;
}

/** A submission of up to this many rows is dispatched whole, in the transaction that accepts it. */
export const WHOLE_ROWS = 100;
/** Rows of one dispatch. */
export const CHUNK_ROWS = 500;

export interface Progress {
  readonly accepted: number;
  readonly dispatched: number;
  readonly final: number;
  /** The last retry: its rows, how many went out, and how many of those the store has seen in its gen. */
  readonly retry: { readonly rows: number; readonly dispatched: number; readonly arrived: number };
}

/** What is dispatched next: rows of a retry before those that were never asked. */
export interface NextChunk {
  readonly of: 'retry' | 'spool';
  readonly rows: number;
}

/**
 * How many rows may be dispatched next; undefined where none are left or too many are in flight. A chunk
 * goes whole or not at all, so that room that opens row by row is not spent on tiny ones.
 */
export function nextChunk(progress: Progress, inFlightRows: number): NextChunk | undefined {
  const { accepted, dispatched, retry } = progress;
  const [of, left] =
    retry.dispatched < retry.rows
      ? (['retry', retry.rows - retry.dispatched] as const)
      : (['spool', accepted - dispatched] as const);
  if (left <= 0) return undefined;
  if (accepted <= WHOLE_ROWS) return { of, rows: left };
  const rows = Math.min(CHUNK_ROWS, left);
  return inFlight(progress) + rows <= inFlightRows ? { of, rows } : undefined;
}

/** A retried row counts as final until the store has seen it open again. */
function inFlight({ dispatched, final, retry }: Progress): number {
  return dispatched - final + retry.dispatched - retry.arrived;
}

/** Each row has a final version, of a retried one in its gen. */
export function isComplete({ accepted, dispatched, final, retry }: Progress): boolean {
  return dispatched >= accepted && final >= accepted && retry.arrived >= retry.rows;
}

import { OUTCOMES, ROW_STATES, type Outcome, type RowState } from '@assay/contracts';
import { badInput } from '../http/problem.js';
import { readChoice, readText, type QueryInput } from '../http/read-input.js';

/** Which rows of a submission. Empty: all of them. */
export interface RowFilter {
  readonly state?: RowState;
  /** At least one cell, or the cell of `ask`, has this outcome. */
  readonly outcome?: Outcome;
  readonly ask?: string;
}

const ASK = /^[a-z0-9][a-z0-9._-]{0,127}$/i;

/** @throws ProblemError 400 */
export function readRowFilter(query: QueryInput): RowFilter {
  const state = readChoice(query, 'state', ROW_STATES);
  const outcome = readChoice(query, 'outcome', OUTCOMES);
  const ask = readText(query, 'ask');
  if (ask !== undefined && !ASK.test(ask))
    throw badInput('`ask` is the name of an ask such as moz.url; GET /v1/providers lists them.');
  if (ask !== undefined && outcome === undefined)
    throw badInput('`ask` goes with `outcome`: add ok, absent, failed or skipped.');
  return { ...(state && { state }), ...(outcome && { outcome }), ...(ask && { ask }) };
}

export function isUnfiltered(filter: RowFilter): boolean {
  return filter.state === undefined && filter.outcome === undefined;
}

import { unitOf, unitOfFacts, type AskDefinition, type AskNeed } from '@assay/providers';
import type { AskCatalogue } from './ask-catalogue.js';
import { lastAttempt, type RowIdentity, type RowState } from './row-state.js';

/** What becomes of a round-two ask: asked about a unit, ended without asking, or left to wait. */
export type Choice =
  | { readonly kind: 'ask'; readonly unit: string }
  | { readonly kind: 'end'; readonly reason: 'no_fact' | 'same_unit' }
  | { readonly kind: 'wait' };

const WAIT: Choice = { kind: 'wait' };
const NO_FACT: Choice = { kind: 'end', reason: 'no_fact' };

/**
 * The unit of a round-two ask by what is known now. An ask waits for the outcome of the ask that finds
 * its fact, at the gen wanted, or for the close of round one; then it takes the fact, else its
 * fallback, else ends. `closed`: round one is over, and nothing written until then lies unread.
 */
export function chooseUnit(
  state: RowState & { readonly row: RowIdentity },
  ask: AskDefinition,
  catalogue: AskCatalogue,
  closed: boolean,
): Choice {
  const { needs } = ask;
  if (!needs) return asking(unitOf(ask, state.row));
  if (!isFindingOver(state, needs, closed)) return WAIT;
  const fact = unitOfFacts(ask, state.facts[needs.from]?.facts);
  const unit = fact || (needs.need === 'preferred' ? unitOf(ask, state.row) : undefined);
  if (unit && unit === firstRoundUnit(state, needs, catalogue)) return { kind: 'end', reason: 'same_unit' };
  return asking(unit);
}

function asking(unit: string | undefined): Choice {
  return unit ? { kind: 'ask', unit } : NO_FACT;
}

/** True where no fact is to come any more: its finder has answered or ended, was never asked, or round one is closed. */
function isFindingOver(state: RowState, needs: AskNeed, closed: boolean): boolean {
  const wanted = state.plan.asks[needs.from];
  if (wanted === undefined || closed) return true;
  return isSettled(state, needs.from, wanted);
}

/** True where this ask has an outcome at this gen or a later one, whoever gave it. */
export function isSettled(state: RowState, ask: string, gen: number): boolean {
  return hasOutcome(state, ask, gen) || (state.ended[ask]?.gen ?? -1) >= gen;
}

/** True where a fetcher reported an outcome of this ask at this gen or a later one. */
export function hasOutcome(state: RowState, ask: string, gen: number): boolean {
  const cell = state.cells[ask];
  return cell !== undefined && lastAttempt(cell).gen >= gen;
}

function firstRoundUnit(
  state: RowState & { readonly row: RowIdentity },
  needs: AskNeed,
  catalogue: AskCatalogue,
): string | undefined {
  const first = needs.unlessSameAs;
  if (first === undefined || state.plan.asks[first] === undefined) return undefined;
  const definition = catalogue.asks.get(first);
  return definition && unitOf(definition, state.row);
}

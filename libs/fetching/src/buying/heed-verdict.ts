import { freshSince, type DispatchTimes } from '../answers/answer-store.js';
import type { CellResult } from '../runtime/ask.js';
import { answered, failed, type Flight } from '../runtime/flight.js';
import type { UnitVerdict } from './purchase-store.js';

const IN_VAIN = 'it was asked for and paid, perhaps, without an answer: a retry asks again';

/**
 * Gives those who wait for a unit what its claim says. A purchase counts for rows whose list, in this generation, was
 * begun before it: they get its answer or its failure. Only a retry or another list begun later may buy again.
 * `done`: nobody waits any more; `wait`: for whoever is buying it; `again`: try to buy it.
 */
export function heedVerdict(flight: Flight, verdict: UnitVerdict, now: number): 'done' | 'wait' | 'again' {
  const { state, answer, boughtAt } = verdict;
  const bought = (row: DispatchTimes) => boughtAt !== undefined && freshSince(row) <= boughtAt;
  if (answer && !flight.gone) flight.offerStored(answer, now);
  if (state === 'bought' && answer) flight.answerThose(bought, answered(answer));
  if (state === 'failed' && verdict.class)
    flight.answerThose(bought, failed({ class: verdict.class, message: IN_VAIN }, now));
  if (state === 'budget') flight.answerThose(({ capped }) => capped === true, unpaid(flight, now));
  if (flight.gone) return 'done';
  return state === 'open' ? 'wait' : 'again';
}

/** Asked in vain before: that is what the cell says. */
export function unpaid({ lastFailure }: Flight, now: number): CellResult {
  return lastFailure ? failed(lastFailure, now) : { outcome: 'skipped', detail: 'budget', at: now };
}

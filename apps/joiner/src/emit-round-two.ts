import type { Round2Ask } from '@assay/contracts';
import type { AskDefinition } from '@assay/providers';
import type { AskCatalogue } from './ask-catalogue.js';
import { chooseUnit, hasOutcome } from './choose-unit.js';
import { readUntil, type RowEvent } from './row-event.js';
import type { Ended, RowIdentity, RowState } from './row-state.js';

export interface RoundTwo {
  readonly state: RowState;
  readonly asks: readonly Round2Ask[];
  /** True where a reader of the row sees a difference. */
  readonly visible: boolean;
}

/**
 * Round-two asks that this batch makes askable, with the state that remembers them. Depends on merged
 * state and batch only: a replayed batch asks again, about the same unit, until the outcome is in.
 * Nothing is asked before the row is known nor from its deadline on. Only the sweep closes round one: a message
 * that is read after that time says nothing about those that lie unread.
 */
export function emitRoundTwo(
  before: RowState,
  events: readonly RowEvent[],
  catalogue: AskCatalogue,
  now: number,
): RoundTwo {
  let round: RoundTwo = { state: before, asks: [], visible: false };
  const { row } = before;
  if (!row || now >= before.plan.deadlineAt) return round;
  const triggers = readTriggers(events);
  const { due } = triggers;
  const at = due ? readUntil(due, now) : now;
  const moment: Moment = {
    at,
    swept: due !== undefined,
    closed: due !== undefined && at >= before.plan.round1At,
  };
  for (const id in before.plan.asks) {
    const ask = catalogue.asks.get(id);
    if (!ask || ask.round !== 2 || hasOutcome(before, id, before.plan.asks[id]!)) continue;
    if (isOver(before, id)) continue;
    if (isTriggered(before, ask, triggers)) round = emitAsk(round, row, ask, moment, catalogue);
  }
  return round;
}

/**
 * Never asked any more: cancelled, or ended in a gen before the one that runs now. What a retry did not
 * raise is left as it is, though a fact may have come since.
 */
function isOver({ plan, ended }: RowState, ask: string): boolean {
  const gen = plan.asks[ask]!;
  const known = ended[ask];
  if (!known || known.gen < gen) return false;
  return known.reason === 'cancelled' || gen < Math.max(...Object.values(plan.asks));
}

interface Moment {
  readonly at: number;
  /** The sweep asks: what goes out is owed until it is acknowledged. */
  readonly swept: boolean;
  /** Round one is closed, and all that was written until then is read. */
  readonly closed: boolean;
}

interface Triggers {
  readonly submitted: boolean;
  readonly due: Extract<RowEvent, { kind: 'due' }> | undefined;
  readonly cells: ReadonlySet<string>;
}

function readTriggers(events: readonly RowEvent[]): Triggers {
  const cells = new Set<string>();
  let submitted = false;
  let due: Triggers['due'];
  for (const event of events) {
    if (event.kind === 'cell') cells.add(event.ask);
    else if (event.kind === 'due') due = event;
    else submitted = true;
  }
  return { submitted, due, cells };
}

/** The sweep asks only what was never asked, or what an earlier sweep still owes: a pending ask is left alone. */
function isTriggered(state: RowState, ask: AskDefinition, triggers: Triggers): boolean {
  if (triggers.submitted || (ask.needs && triggers.cells.has(ask.needs.from))) return true;
  if (!triggers.due) return false;
  return state.emitted[ask.id]?.gen !== state.plan.asks[ask.id] || Boolean(state.owed?.includes(ask.id));
}

function emitAsk(
  round: RoundTwo,
  row: RowIdentity,
  ask: AskDefinition,
  { at, swept, closed }: Moment,
  catalogue: AskCatalogue,
): RoundTwo {
  const { state } = round;
  const gen = state.plan.asks[ask.id]!;
  const known = state.emitted[ask.id];
  if (known?.gen === gen) return { ...round, asks: [...round.asks, { ask: ask.id, gen, unit: known.unit }] };
  const choice = chooseUnit({ ...state, row }, ask, catalogue, closed);
  if (choice.kind === 'wait') return round;
  if (choice.kind === 'end') return end(round, ask.id, { gen, reason: choice.reason, at });
  const emitted = { ...state.emitted, [ask.id]: { gen, unit: choice.unit } };
  const owed = swept ? { owed: [...(state.owed ?? []), ask.id] } : {};
  return {
    ...reopen({ ...round, state: { ...state, emitted, ...owed } }, ask.id, gen),
    asks: [...round.asks, { ask: ask.id, gen, unit: choice.unit }],
  };
}

function end(round: RoundTwo, ask: string, ended: Ended): RoundTwo {
  const known = round.state.ended[ask];
  if (known?.gen === ended.gen && known.reason === ended.reason) return round;
  const state = { ...round.state, ended: { ...round.state.ended, [ask]: ended } };
  return { ...round, state, visible: true };
}

/**
 * An ask that had ended without a fact waits again, unless its row was final already: that one only gets
 * better. How it ended in an earlier gen stays to be seen until there is a newer outcome.
 */
function reopen(round: RoundTwo, ask: string, gen: number): RoundTwo {
  if (round.state.final || round.state.ended[ask]?.gen !== gen) return round;
  const { [ask]: _ended, ...ended } = round.state.ended;
  return { ...round, state: { ...round.state, ended }, visible: true };
}

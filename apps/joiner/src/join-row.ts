import type { JoinedCell, Lane, Plan, Round2Ask } from '@assay/contracts';
import { unitKey } from '@assay/contracts';
import type { AskCatalogue } from './ask-catalogue.js';
import { hasOutcome, isSettled } from './choose-unit.js';
import { emitRoundTwo } from './emit-round-two.js';
import { attemptsOf, isExpired, mergeAttempt } from './merge-cells.js';
import { mergeFacts } from './merge-facts.js';
import { mergePlans, rowPlan } from './merge-plan.js';
import { cancelRow, endRow } from './row-end.js';
import { isLate, readUntil, type RowEvent } from './row-event.js';
import { lastAttempt, type RowState } from './row-state.js';

/** A partial row goes out at most this often, on the express lane. */
export const PARTIAL_EVERY_MS = 1_000;

export interface JoinSettings {
  readonly catalogue: AskCatalogue;
  readonly lane: Lane;
  readonly now: number;
}

export interface Joined {
  /** The state given, itself, where nothing changed. */
  readonly state: RowState;
  /** Round-two questions that go out now. */
  readonly asks: readonly Round2Ask[];
  /** The `row.joined` that goes out now. */
  readonly send?: 'partial' | 'final';
}

/**
 * Folds what happened to one row into its state and says what goes out. Any order, repetition and
 * grouping of the same events ends in the same merged row. undefined: too late to begin a row.
 */
export function joinRow(
  known: RowState | undefined,
  events: readonly RowEvent[],
  settings: JoinSettings,
): Joined | undefined {
  let state = known;
  let visible = known === undefined;
  for (const event of events) {
    if (event.kind === 'due') continue;
    if (!state) {
      if (isLate(event)) continue;
      state = beginRow(rowPlan(event.plan), settings.now);
    }
    const next = apply(state, event, settings.catalogue);
    visible ||= isSeen(state, next);
    state = next;
  }
  if (!state) return undefined;
  return finish(state, visible, known === undefined, events, settings);
}

function beginRow(plan: Plan, now: number): RowState {
  const nothing = { facts: {}, cells: {}, ended: {}, emitted: {} };
  return { plan, ...nothing, version: 0, final: false, shown: 0, shownAt: now };
}

function apply(
  state: RowState,
  event: Exclude<RowEvent, { kind: 'due' }>,
  catalogue: AskCatalogue,
): RowState {
  const plan = mergePlans(state.plan, event.plan);
  const reopened = state.final && plan.asks !== state.plan.asks;
  const open = plan === state.plan ? state : { ...state, plan, final: state.final && !reopened };
  const next = event.plan.cancelled ? cancelRow(open, event.plan) : open;
  if (event.kind === 'cell') return applyCell(next, event, catalogue);
  return next.row ? next : { ...next, row: event.row };
}

function applyCell(
  state: RowState,
  { ask, cell }: Extract<RowEvent, { kind: 'cell' }>,
  catalogue: AskCatalogue,
): RowState {
  const emitted = state.emitted[ask];
  if (emitted?.gen === cell.gen && unitKey(emitted.unit) !== cell.unit) return state;
  const wanted = catalogue.factsOf.get(ask);
  const found = wanted && mergeFacts(state.facts[ask], cell, wanted);
  // That nobody asked in time is known where the joiner has ended the ask itself.
  const over = state.ended[ask]?.gen ?? -1;
  const attempts = attemptsOf(cell).filter((attempt) => attempt.gen > over || !isExpired(attempt));
  const merged = attempts.reduce(mergeAttempt, state.cells[ask]!);
  let next = state;
  if (found && found !== state.facts[ask]) next = { ...next, facts: { ...next.facts, [ask]: found } };
  if (merged !== state.cells[ask]) next = { ...next, cells: { ...next.cells, [ask]: merged } };
  return next;
}

function isSeen(before: RowState, after: RowState): boolean {
  return (
    before.cells !== after.cells ||
    before.row !== after.row ||
    before.plan.asks !== after.plan.asks ||
    before.ended !== after.ended
  );
}

function finish(
  merged: RowState,
  seen: boolean,
  begun: boolean,
  events: readonly RowEvent[],
  settings: JoinSettings,
): Joined {
  const due = events.find((event) => event.kind === 'due');
  const { state: asked, asks, visible } = emitRoundTwo(merged, events, settings.catalogue, settings.now);
  const ends = due !== undefined && readUntil(due, settings.now) >= asked.plan.deadlineAt;
  const closed = ends ? endRow(asked, due.troubles, settings.catalogue, settings.now) : asked;
  const state = closed.final || !isComplete(closed) ? closed : ended(closed);
  const changed = seen || visible || closed !== asked || state.final !== merged.final;
  const counted = changed ? { ...state, version: state.version + 1 } : state;
  // A row that has just begun has nothing to show.
  const fresh = begun && Object.keys(counted.cells).length === 0;
  return send(fresh ? { ...counted, shown: counted.version } : counted, asks, events, settings);
}

/** What a sweep still owed has an outcome now: somebody else has asked it. */
function ended({ owed: _owed, ...state }: RowState): RowState {
  return { ...state, final: true };
}

function isComplete(state: RowState): boolean {
  for (const ask in state.plan.asks) if (!isSettled(state, ask, state.plan.asks[ask]!)) return false;
  return true;
}

function send(
  state: RowState,
  asks: readonly Round2Ask[],
  events: readonly RowEvent[],
  settings: JoinSettings,
): Joined {
  if (state.final) return { state, asks, send: 'final' };
  if (!isShownNow(state, events, settings)) return { state, asks };
  return { state: { ...state, shown: state.version, shownAt: settings.now }, asks, send: 'partial' };
}

/** A row that a retry opens again is shown at once: until then it is counted as final. */
function isShownNow(state: RowState, events: readonly RowEvent[], settings: JoinSettings): boolean {
  if (events.some((event) => event.kind === 'submitted' && event.plan.only !== undefined)) return true;
  if (events.some(({ kind }) => kind === 'due')) return isShownBySweep(state, settings);
  return isUnshown(state, settings.lane) && settings.now >= state.shownAt + PARTIAL_EVERY_MS;
}

/** A replayed sweep sends again what it may still owe. */
function isShownBySweep(state: RowState, { lane, now }: JoinSettings): boolean {
  return now >= state.plan.round1At || isUnshown(state, lane);
}

/** Only people who watch a short list see partial rows between the close of round one and the end. */
export function isUnshown(state: RowState, lane: Lane): boolean {
  return lane === 'express' && !state.final && state.version > state.shown;
}

/** All cells of a row as its readers see them. */
export function joinedCells(state: RowState): Record<string, JoinedCell> {
  const cells: Record<string, JoinedCell> = { ...state.cells };
  for (const ask in state.ended) {
    const { reason, ...end } = state.ended[ask]!;
    if (hasOutcome(state, ask, end.gen) && !isExpiredIn(state.cells[ask]!, end.gen)) continue;
    cells[ask] = mergeAttempt(cells[ask], { outcome: 'skipped', detail: reason, ...end });
  }
  return cells;
}

function isExpiredIn(cell: JoinedCell, gen: number): boolean {
  const last = lastAttempt(cell);
  return last.gen === gen && isExpired(last);
}

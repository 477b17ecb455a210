import type { Attempt, Cell, JoinedCell, Outcome } from '@assay/contracts';
import { lastAttempt } from './row-state.js';

/** Measured, zero and "has nothing" included, over tried in vain over not tried. */
const STANDING: Readonly<Record<Outcome, number>> = { ok: 2, absent: 2, failed: 1, skipped: 0 };

export type Ranked = Pick<Attempt, 'gen' | 'outcome' | 'at' | 'answer' | 'detail' | 'until'>;

/**
 * Which of two attempts at one cell counts as the newer: the higher gen; of one gen the measured over
 * the failed over the skipped; then the later; then the greater answer id. What is left decides
 * nothing for people, only that every order of arrival ends the same. Above 0 where `a` wins.
 */
export function compareAttempts(a: Ranked, b: Ranked): number {
  return (
    a.gen - b.gen ||
    STANDING[a.outcome] - STANDING[b.outcome] ||
    a.at - b.at ||
    compareText(a.answer, b.answer) ||
    compareText(a.outcome, b.outcome) ||
    compareText(a.detail, b.detail) ||
    (a.until ?? 0) - (b.until ?? 0)
  );
}

/** The attempt inside a cell on its way: without its place in the message and its facts. */
export function attemptOf(cell: Cell): Attempt {
  const { gen, outcome, detail, until, answer, at } = cell;
  return {
    gen,
    outcome,
    ...(detail !== undefined && { detail }),
    ...(until !== undefined && { until }),
    ...(answer !== undefined && { answer }),
    at,
  };
}

/**
 * One more attempt at a cell. The value (newest measured attempt) stays whatever comes after it; a
 * newer attempt in vain stands beside it as `last`. Returns `cell` itself where nothing changes.
 */
export function mergeAttempt(cell: JoinedCell | undefined, attempt: Attempt): JoinedCell {
  if (!cell) return attempt;
  const newest = compareAttempts(attempt, lastAttempt(cell)) > 0;
  if (!isMeasured(attempt)) {
    if (!newest) return cell;
    return isMeasured(cell) ? { ...withoutLast(cell), last: attempt } : attempt;
  }
  if (!isMeasured(cell)) return newest ? attempt : { ...attempt, last: cell };
  if (compareAttempts(attempt, cell) <= 0) return cell;
  return newest ? attempt : { ...attempt, last: lastAttempt(cell) };
}

function isMeasured(attempt: Ranked): boolean {
  return STANDING[attempt.outcome] === 2;
}

function withoutLast(cell: JoinedCell): Attempt {
  const { last: _last, ...attempt } = cell;
  return attempt;
}

function compareText(a = '', b = ''): number {
  if (a === b) return 0;
  return a > b ? 1 : -1;
}

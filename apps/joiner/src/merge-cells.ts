import type { Attempt, Cell, JoinedCell, Outcome } from '@assay/contracts';

/** Measured, zero and "has nothing" included, over tried in vain over not tried. */
const STANDING: Readonly<Record<Outcome, number>> = { ok: 2, absent: 2, failed: 1, skipped: 0 };

export type Ranked = Pick<Attempt, 'gen' | 'outcome' | 'at' | 'answer' | 'detail' | 'until' | 'stale'>;

/**
 * Which of two attempts at one cell counts as the newer: the higher gen; of one gen the measured over
 * the failed over the skipped, and those over the expired; then the later, but of expired ones the first;
 * then the greater answer id. So a request that is read again after its time changes nothing. What is left
 * decides nothing for people, only that every order of arrival ends the same. Above 0 where `a` wins.
 */
export function compareAttempts(a: Ranked, b: Ranked): number {
  return (
    a.gen - b.gen ||
    standing(a) - standing(b) ||
    (isExpired(a) ? b.at - a.at : a.at - b.at) ||
    compareText(a.answer, b.answer) ||
    compareText(a.outcome, b.outcome) ||
    compareText(a.detail, b.detail) ||
    (a.until ?? 0) - (b.until ?? 0)
  );
}

/** Nobody asked in time: says less than any other attempt. */
export function isExpired({ outcome, detail }: Pick<Ranked, 'outcome' | 'detail'>): boolean {
  return outcome === 'skipped' && detail === 'expired';
}

function standing(attempt: Ranked): number {
  return isExpired(attempt) ? -1 : STANDING[attempt.outcome];
}

/** Which of two measured attempts is the value: a stale one never beats one that is not, whatever their gens. */
function compareValues(a: Ranked, b: Ranked): number {
  return Number(isStale(b)) - Number(isStale(a)) || compareAttempts(a, b);
}

/**
 * The attempts inside a cell on its way: without its place in the message and its facts. An answer too
 * old to count as fresh, sent beside a failure, is a stale value of the same gen.
 */
export function attemptsOf(cell: Cell): Attempt[] {
  const { gen, outcome, detail, until, answer, at, stale, older } = cell;
  const attempt: Attempt = {
    gen,
    outcome,
    ...(detail !== undefined && { detail }),
    ...(until !== undefined && { until }),
    ...(answer !== undefined && { answer }),
    at,
    ...(stale && { stale }),
  };
  return older ? [attempt, { gen, ...older, stale: true }] : [attempt];
}

/**
 * One more attempt at a cell. The value (newest measured attempt) stays whatever comes after it; a
 * newer attempt in vain stands beside it as `last`. Returns `cell` itself where nothing changes.
 */
export function mergeAttempt(cell: JoinedCell | undefined, attempt: Attempt): JoinedCell {
  if (!cell) return attempt;
  const knownValue = isMeasured(cell) ? cell : undefined;
  const knownNewest = cell.last ?? (isStale(cell) ? undefined : cell);
  const isValue = isMeasured(attempt) && (!knownValue || compareValues(attempt, knownValue) > 0);
  // A stale value is shown in place of nothing, it is no try: whatever failed beside it is the newer one.
  const isNewest = !isStale(attempt) && (!knownNewest || compareAttempts(attempt, knownNewest) > 0);
  if (!isValue && !isNewest) return cell;
  return cellOf(isValue ? attempt : knownValue, isNewest ? attempt : knownNewest);
}

/** `newest` is the value itself, or it is no value at all. */
function cellOf(value: JoinedCell | undefined, newest: JoinedCell | undefined): JoinedCell {
  if (!value) return withoutLast(newest!);
  return newest && !isMeasured(newest)
    ? { ...withoutLast(value), last: withoutLast(newest) }
    : withoutLast(value);
}

function isMeasured(attempt: Ranked): boolean {
  return STANDING[attempt.outcome] === 2;
}

function isStale(attempt: Ranked): boolean {
  return attempt.stale === true && isMeasured(attempt);
}

function withoutLast(cell: JoinedCell): Attempt {
  if (!cell.last) return cell;
  const { last: _last, ...attempt } = cell;
  return attempt;
}

function compareText(a = '', b = ''): number {
  if (a === b) return 0;
  return a > b ? 1 : -1;
}

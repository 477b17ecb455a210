/** One try at a cell, as it stands in messages and rows. */
export interface Attempt {
  readonly gen: number;
  readonly outcome: string;
  readonly detail?: string;
  readonly answer?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stale?: true;
}

/** A merged cell: its value where one was ever measured; a later try in vain stands beside it. */
export interface RowCell extends Attempt {
  readonly last?: Attempt;
}

export type RowCells = Readonly<Record<string, RowCell>>;

const CLASSES = new Set('bad_request auth quota rate_limited server malformed timeout network'.split(' '));
const REASONS = new Set(
  'expired provider_down quota budget same_unit no_fact robots unsupported triage cancelled'.split(' '),
);

export const isMeasured = ({ outcome }: Pick<Attempt, 'outcome'>): boolean =>
  outcome === 'ok' || outcome === 'absent';

export const newestOf = (cell: RowCell): Attempt => cell.last ?? cell;

/** `ok`, `failed(timeout)`, with its gen where it is not the first. */
export function sayAttempt({ outcome, detail, gen }: Attempt): string {
  return `${outcome}${detail === undefined ? '' : `(${detail})`}${gen === 0 ? '' : ` of gen ${gen}`}`;
}

/** One outcome out of four, with the class or reason or answer that belongs to it. */
export function isLegal(cell: RowCell): boolean {
  if (cell.last === undefined) return isLegalAttempt(cell);
  return isLegalAttempt(cell) && isMeasured(cell) && isLegalAttempt(cell.last) && !isMeasured(cell.last);
}

function isLegalAttempt({ outcome, detail, answer, gen, at }: Attempt): boolean {
  if (!Number.isInteger(gen) || gen < 0 || !(at > 0)) return false;
  if (outcome === 'ok' || outcome === 'absent') return answer !== undefined && detail === undefined;
  if (answer !== undefined || detail === undefined) return false;
  return (outcome === 'failed' && CLASSES.has(detail)) || (outcome === 'skipped' && REASONS.has(detail));
}

/** The higher gen; then measured over failed over skipped; then the later; then the greater answer id. */
export function compareAttempts(a: Attempt, b: Attempt): number {
  return a.gen - b.gen || rank(a) - rank(b) || a.at - b.at || compareText(a.answer, b.answer);
}

function rank(attempt: Attempt): number {
  if (isMeasured(attempt)) return 2;
  return attempt.outcome === 'failed' ? 1 : 0;
}

function compareText(a = '', b = ''): number {
  if (a === b) return 0;
  return a > b ? 1 : -1;
}

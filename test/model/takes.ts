/** What reconciliation knows of one dispatch. */
export interface Reconciled {
  readonly takes: number;
}

export type Verdict = 'wait' | 'settle' | 'send' | 'take' | 'stuck';

export const MOST_TAKES = 3;

/**
 * What becomes of a dispatch whose deadline + grace has passed; the rule of design §2.3. `missing`: rows without a
 * final version in its gen. `read`: joiner and store have passed all that was written when that was looked for.
 */
export function verdictOf({ takes }: Reconciled, missing: number, read: boolean): Verdict {
  if (missing === 0) return 'settle';
  if (!read) return 'wait';
  return takes < MOST_TAKES ? 'take' : 'stuck';
}

/** The first take repeats what went out; the later ones bring new deadlines. */
export function hasNewDeadlines(take: number): boolean {
  return take > 1;
}

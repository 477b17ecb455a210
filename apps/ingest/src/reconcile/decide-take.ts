/** How often a row is taken up again before it is listed as stuck. */
export const MAX_TAKES = 3;

/** What is known of a dispatch whose rows may be missing. Times in milliseconds since 1970, the database's. */
export interface TakeState {
  /** Takes so far. */
  readonly takes: number;
  /** The last take was acknowledged; false: it is owed, and whoever sends it decides nothing. */
  readonly sent: boolean;
  /** Deadline + grace; after the first take, which moves no deadline, the moment it was sent. */
  readonly dueAt: number;
}

export type TakeVerdict = 'wait' | 'settle' | 'take' | 'stuck';

/**
 * What becomes of a dispatch. `passedAt`: joiner and store have handled all that lay in the topics at that
 * moment; undefined where that is not known. `missing`: rows without a final version now.
 */
export function decideTake(
  { takes, sent, dueAt }: TakeState,
  passedAt: number | undefined,
  missing: number,
): TakeVerdict {
  if ((takes > 0 && !sent) || passedAt === undefined || passedAt < dueAt) return 'wait';
  if (missing === 0) return 'settle';
  return takes < MAX_TAKES ? 'take' : 'stuck';
}

/** The first take asks nobody anything: the joiner sends again what it has. The later ones begin the row anew. */
export function isReminder(takes: number): boolean {
  return takes === 1;
}

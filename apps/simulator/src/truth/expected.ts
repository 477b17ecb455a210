export type TruthValue = number | string | boolean;

/** What a flawless client ends with when it asks about a unit. */
export interface Truth {
  /** `absent`: the provider says it has nothing; `failed`, `skipped`: no number can be had. */
  readonly outcome: 'ok' | 'absent' | 'failed' | 'skipped';
  readonly reason?: string;
  /** By metric id; only what the provider gives. */
  readonly numbers: Readonly<Record<string, TruthValue>>;
  /** What a page reveals for the second round. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** An outcome without numbers. */
export function none(outcome: Truth['outcome'], reason: string): Truth {
  return { outcome, reason, numbers: {} };
}

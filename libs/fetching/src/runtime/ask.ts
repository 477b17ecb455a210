import type { Facts, Lane, Outcome, OutcomeDetail, SkipReason } from '@assay/contracts';
import type { Question } from '@assay/providers';

/** One row's wish for an answer. Times in ms since 1970. */
export interface AskRequest {
  readonly question: Question;
  readonly lane: Lane;
  /** No later: the row's round closes soon after. */
  readonly expiresAt: number;
  /** Longest wait for a limit, a breaker or a quota. */
  readonly patienceMs: number;
  /** A cancel holds for what was dispatched before it. */
  readonly dispatchedAt: number;
  /** An answer fetched since then is fresh, whatever its time to live; absent: since its dispatch. */
  readonly freshFrom?: number | undefined;
  /** Oldest stored answer that will do; absent: the provider's time to live decides. */
  readonly maxAgeMs?: number | undefined;
  /** Where it would wait long for its own host or registry, or its submission is paused, it gets a `Wait` back. */
  readonly mayPark?: boolean;
  /** It has waited elsewhere and its turn has come: it goes before those that wait there still. */
  readonly unparked?: boolean;
  /** False once the row is somebody else's to ask: then it is given back with `NotHeld`. Default: it stays ours. */
  readonly held?: () => boolean;
  /** Who pays, and who may be cancelled. */
  readonly submission: string;
  readonly gen: number;
  /** The submission has a ceiling: every call for this row is taken from its budget first. */
  readonly capped?: boolean | undefined;
}

/** What came of it. `answer` stands exactly with ok and absent, and is stored already. */
export interface CellResult {
  readonly outcome: Outcome;
  readonly detail?: OutcomeDetail;
  /** When asking again makes sense. */
  readonly until?: number;
  readonly answer?: string;
  /** When the provider answered, or when we gave up. */
  readonly at: number;
  readonly facts?: Facts;
  /** Why it failed, for people; holds no key. */
  readonly message?: string;
  /** Beside a failure or a skip: the last stored answer, too old to count as fresh. */
  readonly older?: { readonly outcome: 'ok' | 'absent'; readonly answer: string; readonly at: number };
}

/** Not now, and to be kept elsewhere until then. */
export interface Wait {
  readonly kind: 'wait';
  /** When it is expected to start, by the clock of this process; while paused, when it expires. */
  readonly notBefore: number;
  /** Whose limit it waits for; empty while its submission is paused. */
  readonly limitKey: string;
  readonly reason: SkipReason | 'paused';
  /** Ms from one start to the next, where the host asks for more than its limit. */
  readonly stepMs?: number;
}

export function isWait(result: CellResult | Wait): result is Wait {
  return 'kind' in result;
}

/** What people decided about a submission meanwhile. */
export interface Control {
  /** A cancel holds for what was dispatched before it: a retry that follows it is asked. */
  stateOf(row: Pick<AskRequest, 'submission' | 'dispatchedAt'>): 'paused' | 'cancelled' | undefined;
}

export type ProviderCondition = 'closed' | 'open' | 'half_open' | 'halted' | 'throttled';

/** A change in how a provider, or one limit key of it, is treated. */
export interface StateChange {
  readonly provider: string;
  readonly limitKey: string;
  readonly state: ProviderCondition;
  readonly reason?: string;
  readonly until?: number;
  readonly at: number;
}

/** The runtime was stopped before this could be asked: the row is still owed. */
export class RuntimeStopped extends Error {
  constructor() {
    super('the call runtime was stopped');
    this.name = 'RuntimeStopped';
  }
}

/** The row's partition went to another member before it was asked: that one asks. */
export class NotHeld extends Error {
  constructor() {
    super('the partition of this row is held by another member now');
    this.name = 'NotHeld';
  }
}

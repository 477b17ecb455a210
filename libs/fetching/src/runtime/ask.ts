import type { Facts, Lane, Outcome, OutcomeDetail } from '@assay/contracts';
import type { Provider, Question } from '@assay/providers';
import type { GiveWay } from '../governor/governor.js';
import type { Transport } from '../transport/transport.js';
import type { SharedAnswers } from './shared-answers.js';

/** One row's wish for an answer. Times in ms since 1970. */
export interface AskRequest {
  readonly question: Question;
  readonly lane: Lane;
  /** No later: the row's round closes soon after. */
  readonly expiresAt: number;
  /** Longest wait for a limit, a breaker or a quota. */
  readonly patienceMs: number;
  /** An answer fetched since then is fresh, whatever its time to live. */
  readonly dispatchedAt: number;
  /** Oldest stored answer that will do; absent: the provider's time to live decides. */
  readonly maxAgeMs?: number | undefined;
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

export interface RuntimeLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RuntimeSettings {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly answers: SharedAnswers;
  readonly logger: RuntimeLog;
  /** The provider's key; empty where it has none. */
  readonly key?: string;
  readonly userAgent: string;
  /** Multiplies the permits of every limit window. Default 1. */
  readonly limitsFactor?: number;
  /** Limit keys (hosts, registries) remembered while idle, each with its breaker. Default 2,000. */
  readonly maxKeys?: number;
  /** Shared by all runtimes of a process. Default: bulk never gives way. */
  readonly giveWay?: GiveWay;
  readonly onState?: (change: StateChange) => void;
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** The runtime was stopped before this could be asked: the row is still owed. */
export class RuntimeStopped extends Error {
  constructor() {
    super('the call runtime was stopped');
    this.name = 'RuntimeStopped';
  }
}

import type { FailureClass } from '@assay/contracts';
import type { FreshAnswer } from '../answers/fresh-answer.js';

/** Who may pay for a unit: a submission that waits for it. */
export interface Payer {
  readonly submission: string;
  /** It has a ceiling: what it pays is taken from its budget. */
  readonly capped: boolean;
}

export interface WantedUnit {
  /** Place in the batch. */
  readonly n: number;
  /** Answer key. */
  readonly key: string;
  /** Stored answer that did not do for everybody; null: none was found. */
  readonly seen: string | null;
  /** Since when a purchase counts for one of those who want it, ms since 1970: when the first of its list was dispatched. */
  readonly oldest: number;
  /** In the order they came; nobody stands behind one without a ceiling. */
  readonly payers: readonly Payer[];
}

/** A batch that is about to be bought. Prices in micro-USD (1e-6). */
export interface Order {
  readonly call: string;
  readonly provider: string;
  readonly limitKey: string;
  /** Place of our key among the provider's, from 1; empty where it needs none. */
  readonly keyId: string;
  readonly attempt: number;
  /** Requests that are expected to go out. */
  readonly calls: number;
  readonly perCall: number;
  readonly perUnit: number;
  /** By key. */
  readonly units: readonly WantedUnit[];
}

/**
 * How a unit stands: `won`: buy it; `open`: somebody is buying it; `bought`: there is an answer; `failed`: it was
 * bought without an answer; `free`: nobody holds it; `budget`: nobody who wants it can pay for it.
 */
export type UnitState = 'won' | 'open' | 'bought' | 'failed' | 'free' | 'budget';

export interface UnitVerdict {
  readonly state: UnitState;
  readonly class: FailureClass | undefined;
  /** Where its purchase has ended: when that began, by the database's clock, ms since 1970. */
  readonly boughtAt: number | undefined;
  /** The newest stored one, expired or not. */
  readonly answer: FreshAnswer | undefined;
}

export interface BudgetWish {
  readonly provider: string;
  /** Requests that are expected to go out. */
  readonly calls: number;
  readonly units: readonly Pick<WantedUnit, 'n' | 'payers'>[];
}

/** Claims, budgets and what they leave behind. All methods reject where the database is away. */
export interface PurchaseStore {
  /** Claims what nobody else buys, and writes the call as an intent: all of it or nothing. By place in the batch. */
  buy(order: Order): Promise<Map<number, UnitVerdict>>;
  /** How these units stand, by key; those without a claim are left out. */
  look(keys: readonly string[]): Promise<Map<string, UnitVerdict>>;
  /** Takes a free call from the budgets of those who want it: who pays, by place of the unit; left out: nobody can. */
  takeBudget(wish: BudgetWish): Promise<Map<number, Payer>>;
  /** Gives so many calls back to the budget of each of these submissions: they were taken and not made. */
  giveBack(provider: string, submissions: readonly string[], calls: number): Promise<void>;
  /**
   * Ends `strays`, calls of this worker that it never sent, and, where `deadAfterMs` is given, those of workers that
   * have not been seen for so long. Returns the calls of this worker that are open.
   */
  endOrphans(strays: readonly string[], deadAfterMs?: number): Promise<string[]>;
}

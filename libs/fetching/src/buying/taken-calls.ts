import type { Exchange } from '../calls/conversation.js';
import { StepRefused } from '../runtime/step-entry.js';

/** Budgets that calls are taken from. Reject where the database is away. */
export interface CallBudgets {
  /** One more request, for whoever can pay it: his submission, unless he has no ceiling. */
  takeOne(): Promise<{ readonly payer: string | undefined } | undefined>;
  /** To each of these submissions. */
  giveBack(submissions: readonly string[], calls: number): Promise<void>;
}

/**
 * Requests that people with a ceiling have paid for one call: those of the first step beforehand, each further one (a
 * redirect) before it is sent. What was not sent after all (a permit that ran out, an open breaker) goes back.
 */
export class TakenCalls {
  #begun = 0;
  #sent = 0;
  /** Who paid for a further request that was not sent. */
  readonly #unsent: string[] = [];

  constructor(
    private readonly first: number,
    /** Who paid for the first step; nobody where its calls are given back with the ledger's row. */
    private readonly payers: readonly string[],
    private readonly budgets: CallBudgets,
  ) {}

  /** The same exchange; rejects with StepRefused(budget) where a further request would pass the ceiling. */
  through(exchange: Exchange): Exchange {
    return async (request) => {
      if (request.sharedForMs) return exchange(request);
      const further = ++this.#begun > this.first ? await this.#takeOne() : undefined;
      let wasSent = false;
      try {
        const reply = await exchange(request);
        wasSent = !(reply.kind === 'error' && reply.unsent);
        return reply;
      } finally {
        if (further) {
          if (!wasSent && further.payer) this.#unsent.push(further.payer);
        } else if (wasSent) this.#sent++;
      }
    };
  }

  /** Once the call is over, or will not be. What cannot be given back stays taken: a ceiling is not passed by it. */
  async settle(): Promise<void> {
    const left = this.first - this.#sent;
    try {
      if (left > 0 && this.payers.length > 0) await this.budgets.giveBack(this.payers, left);
      for (const payer of this.#unsent) await this.budgets.giveBack([payer], 1);
    } catch {
      return;
    }
  }

  async #takeOne() {
    const paid = await this.budgets.takeOne();
    if (!paid) throw new StepRefused('budget');
    return paid;
  }
}

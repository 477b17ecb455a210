import type { EndedCall, NewAnswer } from '../answers/answer-store.js';
import type { Committer } from '../answers/committer.js';
import { ClaimWatch } from './claim-watch.js';
import type { Order, PurchaseStore, UnitVerdict } from './purchase-store.js';
import type { WorkerBeat } from './worker-beat.js';

/** All that a process buys: its open calls, what it waits for, and what others left behind. */
export class Purchases {
  readonly watch: ClaimWatch;
  readonly #open = new Set<string>();

  constructor(
    readonly store: PurchaseStore,
    private readonly committer: Committer,
    now: () => number,
    private readonly beat?: WorkerBeat,
  ) {
    this.watch = new ClaimWatch(store, now, () => this.endOrphans());
    if (beat) beat.alongside = () => this.endOrphans().catch(() => undefined);
  }

  /** False once others may take this process for dead. Without a beat nobody judges. */
  readonly mayStart = (): boolean => this.beat?.mayStart ?? true;

  /** Claims what of it can be bought. Where it rejects, nothing may be sent; what it left is ended later. */
  async buy(order: Order): Promise<Map<number, UnitVerdict>> {
    this.#open.add(order.call);
    let won = false;
    try {
      const verdicts = await this.store.buy(order);
      won = [...verdicts.values()].some(({ state }) => state === 'won');
      return verdicts;
    } finally {
      if (!won) this.#open.delete(order.call);
    }
  }

  /** Resolves when a call's end and answers are committed. @throws what `Committer.add` does */
  async end(ended: EndedCall, answers: readonly NewAnswer[] = []): Promise<void> {
    try {
      await this.committer.add(answers, ended);
    } finally {
      this.#open.delete(ended.id);
    }
  }

  /** Ends calls of dead workers, and calls of this one that it does not know of. */
  async endOrphans(): Promise<void> {
    const deadAfterMs = this.beat?.mayJudge ? this.beat.deadAfterMs : undefined;
    // Looked at after the reply: what was begun meanwhile is known by then.
    const strays = this.#unknown(await this.store.endOrphans([], deadAfterMs));
    if (strays.length > 0) await this.store.endOrphans(strays);
  }

  #unknown(calls: readonly string[]): string[] {
    const owed = new Set(this.committer.owedCalls);
    return calls.filter((call) => !this.#open.has(call) && !owed.has(call));
  }
}

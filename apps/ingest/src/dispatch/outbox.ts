import type { Database } from '@assay/database';
import type { Publisher } from '@assay/messaging';
import type { Claimant } from './claim-chunk.js';
import type { Dispatch, RoundOneAsks } from './dispatch-plan.js';
import { markSent, renewLeases } from './owed-dispatches.js';
import { sendDispatch } from './send-dispatch.js';

interface OutboxParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly roundOneAsks: RoundOneAsks;
}

/** Lists that are accepted while so many wait for Kafka are left to the dispatcher: they lie in the table. */
export const MOST_SENDING = 64;

/** What this process is sending: claimed, committed, not yet marked as sent. */
export class Outbox {
  private readonly sending = new Map<Dispatch, Promise<void>>();
  private renewedAt = 0;
  /** How long the last express dispatch took; halves with each bulk one, so that an old peak fades. */
  expressSendMs = 0;

  constructor(
    private readonly parts: OutboxParts,
    private readonly by: Claimant,
  ) {}

  get size(): number {
    return this.sending.size;
  }

  /** Nothing more should be claimed. */
  get isFull(): boolean {
    return this.sending.size >= MOST_SENDING;
  }

  /** Resolves when the dispatch is acknowledged and marked; rejects where it stays owed. */
  send(dispatch: Dispatch): Promise<void> {
    const work = this.produce(dispatch).finally(() => this.sending.delete(dispatch));
    this.sending.set(dispatch, work);
    return work;
  }

  holds(dispatch: Dispatch): boolean {
    for (const { plan, chunk } of this.sending.keys()) {
      if (chunk === dispatch.chunk && plan.submission === dispatch.plan.submission) return true;
    }
    return false;
  }

  /** Renews leases at a third of their time. */
  async renew(): Promise<void> {
    const now = performance.now();
    if (this.sending.size === 0 || now - this.renewedAt < this.by.leaseMs / 3) return;
    this.renewedAt = now;
    await renewLeases(this.parts.database, this.by, [...this.sending.keys()]);
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.sending.values());
  }

  private async produce(dispatch: Dispatch): Promise<void> {
    const startedAt = performance.now();
    await sendDispatch(this.parts.publisher, dispatch, this.parts.roundOneAsks);
    this.expressSendMs = dispatch.lane === 'express' ? performance.now() - startedAt : this.expressSendMs / 2;
    await markSent(this.parts.database, dispatch);
  }
}

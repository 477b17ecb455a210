import type { Lane } from '@assay/contracts';

/**
 * Of nine starts bulk gets one: express goes first, bulk never starves. They count while bulk does not wait as well: it may
 * have a permit for a few ms only, and could not wait for eight of them.
 */
const EXPRESS_TURNS = 8;

export class LaneTurns {
  #express = 0;

  /** Express has had its turns. */
  get bulkIsDue(): boolean {
    return this.#express >= EXPRESS_TURNS;
  }

  /** Whose turn it is; undefined where nobody waits. */
  next(expressWaits: boolean, bulkWaits: boolean): Lane | undefined {
    if (expressWaits && !(bulkWaits && this.bulkIsDue)) return 'express';
    return bulkWaits ? 'bulk' : undefined;
  }

  started(lane: Lane): void {
    this.#express = lane === 'express' ? this.#express + 1 : 0;
  }
}

import type { Lane } from '@assay/contracts';

/**
 * Of nine turns bulk gets one: express goes first, bulk never starves. Turns count while bulk does not wait as well: it may
 * have a permit for a few ms only, and could not wait for eight of them.
 */
const EXPRESS_TURNS = 8;

export class LaneTurns {
  #express = 0;

  /** Whose turn it is; undefined where nobody waits. */
  next(expressWaits: boolean, bulkWaits: boolean): Lane | undefined {
    if (expressWaits && (!bulkWaits || this.#express < EXPRESS_TURNS)) {
      this.#express++;
      return 'express';
    }
    if (!bulkWaits) return undefined;
    this.#express = 0;
    return 'bulk';
  }
}

import type { Lane } from '@assay/contracts';

/** Of nine turns with both lanes waiting, bulk gets one: express goes first, bulk never starves. */
const EXPRESS_TURNS = 8;

export class LaneTurns {
  #express = 0;

  /** Whose turn it is; undefined where nobody waits. */
  next(expressWaits: boolean, bulkWaits: boolean): Lane | undefined {
    if (!bulkWaits) return expressWaits ? 'express' : undefined;
    if (expressWaits && this.#express < EXPRESS_TURNS) {
      this.#express++;
      return 'express';
    }
    this.#express = 0;
    return 'bulk';
  }
}

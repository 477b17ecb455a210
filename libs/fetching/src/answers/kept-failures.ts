import type { FailureClass } from '@assay/contracts';
import { LRUCache } from 'lru-cache';
import type { Failure } from '../runtime/flight.js';

/** Units whose last attempt failed are remembered this long: the next row of a list does not ask again at once. */
const KEPT_MS = 5_000;
export const MOST_KEPT_FAILURES = 20_000;
/** Facts beside a failure (where it led to) and its message. */
const FAILURE_BYTES = 300;
const MOST_KEPT_BYTES = 16 * 1024 * 1024;
/** What says something about the unit or the moment, and not about our key or quota. */
const KEPT: ReadonlySet<FailureClass> = new Set(['bad_request', 'server', 'malformed', 'timeout', 'network']);

export interface KeptFailure extends Failure {
  /** When it was given up. */
  readonly at: number;
}

/** Failures of the last seconds, by answer key. */
export class KeptFailures {
  readonly #kept = new LRUCache<string, KeptFailure>({
    max: MOST_KEPT_FAILURES,
    maxSize: MOST_KEPT_BYTES,
    sizeCalculation: ({ message, facts }) =>
      FAILURE_BYTES + message.length + (facts ? JSON.stringify(facts).length : 0),
  });

  get size(): number {
    return this.#kept.size;
  }

  keep(key: string, failure: Failure, at: number): void {
    if (KEPT.has(failure.class)) this.#kept.set(key, { ...failure, at });
  }

  /** For a row that was dispatched before it: whoever is dispatched later, or retried, asks anew. */
  find(key: string, dispatchedAt: number, now: number): KeptFailure | undefined {
    const failure = this.#kept.get(key);
    return failure && failure.at >= dispatchedAt && failure.at > now - KEPT_MS ? failure : undefined;
  }
}

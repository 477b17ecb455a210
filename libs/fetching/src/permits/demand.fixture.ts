import type { Ahead } from './expected-wait.js';
import type { Demand } from './permit.js';

/** Of a worker that wants nothing, but what is given. */
export function demand(given: Partial<Demand> = {}): Demand {
  return {
    worker: 'a',
    starts: { express: 0, bulk: 0 },
    calls: 1,
    units: 1,
    queued: 0,
    debt: 0,
    unused: [],
    ...given,
  };
}

/** So many calls of bulk, and nothing else, but what is given. */
export function ahead(calls: number, given: Partial<Ahead> = {}): Ahead {
  return { lane: 'bulk', calls, units: calls, express: 0, others: 0, ...given };
}

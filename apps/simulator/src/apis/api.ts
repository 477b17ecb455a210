import type { Truth } from '../truth/expected.js';
import type { Exchange, WireRequest } from '../wire/exchange.js';

/** What an exchange needs from outside its request. */
export interface World {
  /** Day from which ages are counted, in milliseconds since 1970. */
  readonly anchor: number;
  now(): number;
  /** Units that are spent of a limit key's windows of units. */
  usedUnits(limitKey: string): number;
}

export interface TruthContext {
  readonly anchor: number;
  readonly now: number;
}

/**
 * One provider as its documentation describes it. Written from that text alone: it shares no code with the adapter in
 * `libs/providers`, so that a misreading on one side shows.
 */
export interface Api {
  /** Id of the provider in counts, faults and ground truth. */
  readonly id: string;
  /** Hosts it answers at, lower case. */
  readonly hosts: readonly string[];
  /** Where the host does not tell (any Mastodon instance): is this request for it? */
  readonly owns?: (request: WireRequest) => boolean;
  exchange(request: WireRequest, world: World): Exchange;
  /** What a flawless client ends with when it asks `surface` about `unit`; numbers by the metric ids of the API. */
  truth(unit: string, surface: string, at: TruthContext): Truth;
}

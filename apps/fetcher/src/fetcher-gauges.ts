import { LANES } from '@assay/contracts';
import {
  KEPT_STATES,
  MAX_FOREIGN_POOLS,
  MAX_OWN_POOLS,
  MAX_SHARED_BYTES,
  MOST_IN_TROUBLE,
  MOST_KEPT_ANSWERS,
  MOST_KEPT_BYTES,
  MOST_KEPT_FAILURES,
  type AskRuntime,
} from '@assay/fetching';
import { LANE_IN_WORK_BYTES } from '@assay/messaging';
import type { Provider } from '@assay/providers';
import { queueGauges } from '@assay/telemetry';
import type { Parts } from './fetcher-parts.js';
import { MOST_KEYS, MOST_UNITS } from './parking/places.js';
import type { Parking } from './parking/parking.js';
import { MOST_IN_WORK } from './parking/unpark-loop.js';
import type { ProviderDesk } from './provider-desk.js';
import { MOST_WAITING } from './provider-states.js';

/** Keys remembered while idle, as the runtime has it by default. */
const IDLE_KEYS = 2_000;
/** Of one question in `round2.requested`: seq, plan, URL, host, domain, ask, gen and unit as JSON. */
const QUESTION_BYTES = 128;

type Ended = () => void;

/** Gauges of what the providers of a process share; each of what it returns ends one. */
export function measureParts(parts: Parts): Ended[] {
  const { answers, shared, permits, transport, states, config } = parts;
  const { kept, failures, committer, fresh } = answers;
  const calls = config.providers.reduce((sum, { concurrency }) => sum + concurrency, 0);
  const questions = config.providers.reduce((sum, provider) => sum + mostQuestions(provider, 1_000), 0);
  const gauge = (queue: string, bound: number, read: () => number) =>
    queueGauges.add(`fetcher.${queue}`, bound, read);
  return [
    gauge('kept_answers', MOST_KEPT_ANSWERS, () => kept.size),
    gauge('kept_answers_bytes', MOST_KEPT_BYTES, () => kept.bytes),
    gauge('kept_failures', MOST_KEPT_FAILURES, () => failures.size),
    gauge('shared_replies_bytes', MAX_SHARED_BYTES, () => shared.bytes),
    gauge('commits', calls, () => committer.waiting),
    gauge('owed_calls', calls, () => committer.owedCalls.length),
    gauge('permit_states', KEPT_STATES, () => permits.kept),
    gauge('permit_changes', config.providers.length * IDLE_KEYS * MOST_IN_TROUBLE, () => permits.waiting),
    gauge('pools_own', MAX_OWN_POOLS, () => transport.pools?.own ?? 0),
    gauge('pools_foreign', MAX_FOREIGN_POOLS, () => transport.pools?.foreign ?? 0),
    gauge('state_changes', MOST_WAITING, () => states.waiting),
    ...LANES.map((lane) => queueGauges.add('fetcher.lookups', questions, () => fresh.waiting(lane), lane)),
  ];
}

export interface Counted {
  readonly provider: Provider;
  readonly runtime: AskRuntime;
  readonly desk: ProviderDesk;
  readonly parking: Parking;
  /** Messages in work of a lane. */
  readonly window: number;
}

/** Gauges of one provider; each of what it returns ends one. */
export function measureCounter({ provider, runtime, desk, parking, window }: Counted): Ended[] {
  const questions = mostQuestions(provider, window);
  const gauge = (queue: string, bound: number, read: () => number) =>
    queueGauges.add(`fetcher.${provider.id}.${queue}`, bound, read);
  return [
    gauge('questions', LANES.length * questions + MOST_IN_WORK, () => runtime.pending),
    gauge('calls', provider.concurrency, () => runtime.inFlight),
    gauge('limit_keys', IDLE_KEYS * MOST_IN_TROUBLE, () => runtime.limitKeys),
    gauge('parked_in_work', MOST_IN_WORK, () => parking.held().inWork),
    // Each row in work is ended once, and renewed once meanwhile.
    gauge('parked_endings', 2 * MOST_IN_WORK, () => parking.held().endings),
    gauge('parked_arrivals', LANES.length * questions + MOST_IN_WORK, () => parking.held().arrivals),
    gauge('parked_keys', MOST_KEYS, () => parking.held().keys),
    gauge('parked_units', MOST_UNITS, () => parking.held().units),
    ...LANES.map((lane) =>
      queueGauges.add(`fetcher.${provider.id}.cells`, questions + MOST_IN_WORK, () => desk.held(lane), lane),
    ),
  ];
}

/** Questions that the messages in work of one lane can hold: one a row in round one, many a message in round two. */
function mostQuestions({ asks }: Provider, window: number): number {
  const first = asks.filter(({ round }) => round === 1).length * window;
  const second = asks.some(({ round }) => round === 2) ? LANE_IN_WORK_BYTES / QUESTION_BYTES : 0;
  return first + second;
}

import { HEALTH_STATES, type Health, type Quota, type Trouble } from '../openapi/health-shapes.js';
import { callFigures, gauges, type StatRecord } from './call-figures.js';
import { readQuota } from './quota.js';

/** A limit key of a provider by the worst that is said of it. */
export interface StateRecord {
  readonly provider: string;
  readonly limit_key: string;
  readonly state: Trouble['state'];
  readonly reason: string | null;
  readonly until: Date | null;
  /** Limit keys of this provider that reported, how many of them are in trouble, and with an open or half-open breaker. */
  readonly keys: string;
  readonly troubled: string;
  readonly open: string;
  readonly half_open: string;
}

export interface PermitRecord {
  readonly provider: string;
  readonly limit_key: string;
  /** Place of our key, from 0. */
  readonly credential: number;
  readonly state: unknown;
}

/** '' as a limit key: all of the provider that is not listed under its own. */
export interface ParkedRecord {
  readonly provider: string;
  readonly limit_key: string;
  readonly cells: string;
}

export interface WorkerRecord {
  readonly provider: string;
  readonly workers: string;
}

/** What was read about the health of all providers. `now` in ms since 1970. */
export interface HealthRecords {
  readonly now: number;
  readonly states: readonly StateRecord[];
  readonly permits: readonly PermitRecord[];
  readonly stats: readonly StatRecord[];
  readonly parked: readonly ParkedRecord[];
  readonly workers: readonly WorkerRecord[];
}

/** What stands in the way of a limit key, before figures are known. */
export type Obstacle = Pick<Trouble, 'limitKey' | 'state' | 'reason' | 'until'>;

export const MOST_TROUBLES = 20;

/** Health of one provider from what was read about all. */
export function healthOf(provider: string, records: HealthRecords): Health {
  const own = ofProvider(provider, records);
  const obstacles = obstaclesOf(provider, records);
  const first = own.states[0];
  const whole = own.stats.filter(({ limit_key }) => limit_key === '');
  const spent = obstacles.length - troubledOf(own.states).length;
  return {
    state: first ? worst(obstacles) : 'unknown',
    keys: Number(first?.keys ?? 0),
    troubled: Number(first?.troubled ?? 0) + spent,
    open: Number(first?.open ?? 0),
    halfOpen: Number(first?.half_open ?? 0),
    troubles: obstacles.slice(0, MOST_TROUBLES).map((obstacle) => troubleOf(obstacle, own)),
    ...callFigures(whole),
    ...gauges(whole),
    quota: quotaOfProvider(own),
    parked: own.parked.reduce((sum, { cells }) => sum + Number(cells), 0),
    workers: Number(own.workers[0]?.workers ?? 0),
  };
}

/**
 * The limit keys of a provider that are in trouble: what is said of them, then the spent quotas nobody spoke of, last
 * what waits for a try. A spent quota is worse than that: it keeps the try back.
 */
export function obstaclesOf(
  provider: string,
  records: Pick<HealthRecords, 'now' | 'states' | 'permits'>,
): Obstacle[] {
  const permits = records.permits.filter((record) => record.provider === provider);
  const spent = new Map(spentQuotas(permits, records.now).map((obstacle) => [obstacle.limitKey, obstacle]));
  const said = troubledOf(records.states.filter((record) => record.provider === provider)).map(
    ({ limit_key: limitKey, state, reason, until }): Obstacle => {
      const worse = waitsForTry({ state }) ? spent.get(limitKey) : undefined;
      return worse ?? { limitKey, state, reason, until: until?.toISOString() ?? null };
    },
  );
  for (const { limitKey } of said) spent.delete(limitKey);
  const [waiting, rest] = [said.filter(waitsForTry), said.filter((obstacle) => !waitsForTry(obstacle))];
  return [...rest, ...spent.values(), ...waiting];
}

function waitsForTry({ state }: Pick<Obstacle, 'state'>): boolean {
  return state === 'half_open';
}

function spentQuotas(permits: readonly PermitRecord[], now: number): Obstacle[] {
  return [...new Set(permits.map(({ limit_key }) => limit_key))].flatMap((limitKey): Obstacle[] => {
    const quota = quotaOf(limitKey, permits, now);
    if (quota?.left !== 0 || quota.resetsAt === null) return [];
    return [{ limitKey, state: 'throttled', reason: 'quota spent', until: quota.resetsAt }];
  });
}

function ofProvider(provider: string, records: HealthRecords): HealthRecords {
  const own = <T extends { readonly provider: string }>(all: readonly T[]) =>
    all.filter((record) => record.provider === provider);
  const { now, states, permits, stats, parked, workers } = records;
  return {
    now,
    states: own(states),
    permits: own(permits),
    stats: own(stats),
    parked: own(parked),
    workers: own(workers),
  };
}

function troubledOf(states: readonly StateRecord[]): StateRecord[] {
  return states.filter(({ state }) => state !== 'closed');
}

function worst(obstacles: readonly Obstacle[]): Health['state'] {
  const place = Math.max(0, ...obstacles.map(({ state }) => HEALTH_STATES.indexOf(state)));
  return HEALTH_STATES[place] ?? 'closed';
}

function troubleOf(obstacle: Obstacle, { now, permits, stats, parked }: HealthRecords): Trouble {
  const { limitKey } = obstacle;
  const own = parked.find(({ limit_key }) => limit_key === limitKey);
  return {
    ...obstacle,
    ...callFigures(stats.filter(({ limit_key }) => limit_key === limitKey)),
    quota: quotaOf(limitKey, permits, now),
    parked: Number(own?.cells ?? 0),
  };
}

/** Of the only limit key that has permits; where there are several there is no quota of the whole. */
function quotaOfProvider({ now, permits }: HealthRecords): Quota | null {
  const names = new Set(permits.map(({ limit_key }) => limit_key));
  const [only] = names;
  return names.size === 1 ? quotaOf(only!, permits, now) : null;
}

/** `moz` is all our keys there, `moz#2` the second alone. */
function quotaOf(limitKey: string, permits: readonly PermitRecord[], now: number): Quota | null {
  const [, name, place] = /^(.*)#(\d+)$/.exec(limitKey) ?? [];
  const own = permits.filter(
    ({ limit_key, credential }) =>
      limit_key === limitKey || (limit_key === name && credential === Number(place) - 1),
  );
  return readQuota(
    own.map(({ state }) => state),
    now,
  );
}

import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@assay/database';
import type { Provider, Registry } from '@assay/providers';
import { DATABASE, REGISTRY } from '../tokens.js';
import type { StatRecord } from './call-figures.js';
import { PARKED, PERMITS, STATES, STATS, WORKERS } from './health-queries.js';
import {
  obstaclesOf,
  type HealthRecords,
  type ParkedRecord,
  type PermitRecord,
  type StateRecord,
  type WorkerRecord,
} from './health-view.js';
import { SHORTEST_QUOTA_MS } from './quota.js';

/** Reads what fetchers left about the health of their providers. */
@Injectable()
export class HealthReader {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  async read(): Promise<HealthRecords> {
    const now = Date.now();
    const quotas = [this.registry.providers.filter(hasQuota).map(({ id }) => id)];
    const [states, permits, workers] = await Promise.all([
      this.#rows<StateRecord>('health-states', STATES, quotas),
      this.#rows<PermitRecord>('health-permits', PERMITS, quotas),
      this.#rows<WorkerRecord>('health-workers', WORKERS),
    ]);
    const keys = this.#troubledKeys({ now, states, permits });
    const [stats, parked] = await Promise.all([
      this.#rows<StatRecord>('health-stats', STATS, keys),
      this.#rows<ParkedRecord>('health-parked', PARKED, keys),
    ]);
    return { now, states, permits, workers, stats, parked };
  }

  /** Providers and limit keys, side by side. */
  #troubledKeys(records: Pick<HealthRecords, 'now' | 'states' | 'permits'>): [string[], string[]] {
    const keys = this.registry.providers.flatMap(({ id }) =>
      obstaclesOf(id, records).map(({ limitKey }) => [id, limitKey] as const),
    );
    return [keys.map(([id]) => id), keys.map(([, limitKey]) => limitKey)];
  }

  async #rows<R extends object>(name: string, text: string, values: unknown[] = []): Promise<R[]> {
    return (await this.database.query<R>({ name, text, values })).rows;
  }
}

function hasQuota({ limits, limitsWithoutKey = [] }: Provider): boolean {
  return [...limits, ...limitsWithoutKey].some(({ perMs }) => perMs >= SHORTEST_QUOTA_MS);
}

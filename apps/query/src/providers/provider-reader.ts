import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@assay/database';
import type { Registry } from '@assay/providers';
import type { ProviderView } from '../openapi/shapes.js';
import type { QueryConfig } from '../query.config.js';
import { CONFIG, DATABASE, REGISTRY } from '../tokens.js';
import { providerViews, type HealthRecord } from './provider-view.js';

/**
 * A key is as bad as its worst worker says; a state whose time is over counts as closed. Of each
 * provider the 20 latest in trouble, or one line where there is none.
 */
const HEALTH = `
WITH worker AS (
  SELECT provider, limit_key, reason, until, changed_at,
    CASE WHEN until <= now() THEN 'closed' ELSE state END AS state
  FROM provider_state
), key AS (
  SELECT DISTINCT ON (provider, limit_key) * FROM worker
  ORDER BY provider, limit_key,
    array_position(ARRAY['halted','open','throttled','half_open','closed'], state), changed_at DESC
), ranked AS (
  SELECT *, count(*) OVER (PARTITION BY provider) AS keys,
    count(*) FILTER (WHERE state <> 'closed') OVER (PARTITION BY provider) AS troubled,
    row_number() OVER (PARTITION BY provider ORDER BY state = 'closed', changed_at DESC) AS place
  FROM key
)
SELECT provider, limit_key, state, reason, until, keys, troubled FROM ranked
WHERE place = 1 OR (state <> 'closed' AND place <= 20)
ORDER BY provider, place`;

@Injectable()
export class ProviderReader {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CONFIG) private readonly config: QueryConfig,
  ) {}

  async all(): Promise<ProviderView[]> {
    const health = await this.database.query<HealthRecord>({ name: 'provider-health', text: HEALTH });
    const switches = { only: this.config.providers, isSet: this.config.isSet };
    return providerViews(this.registry, switches, health.rows);
  }
}

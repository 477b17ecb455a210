import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from '@assay/providers';
import type { ProviderView } from '../openapi/shapes.js';
import type { QueryConfig } from '../query.config.js';
import { CONFIG, REGISTRY } from '../tokens.js';
import { HealthReader } from './health-reader.js';
import { providerViews } from './provider-view.js';

@Injectable()
export class ProviderReader {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CONFIG) private readonly config: QueryConfig,
    private readonly health: HealthReader,
  ) {}

  async all(): Promise<ProviderView[]> {
    const switches = { only: this.config.providers, isSet: this.config.isSet };
    return providerViews(this.registry, switches, await this.health.read());
  }
}

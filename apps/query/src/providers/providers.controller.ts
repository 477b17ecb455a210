import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../openapi/decorators.js';
import type { ProviderView } from '../openapi/shapes.js';
import { ProviderReader } from './provider-reader.js';

@ApiTags('providers')
@Controller('v1/providers')
export class ProvidersController {
  constructor(private readonly providers: ProviderReader) {}

  @Get()
  @ApiOperation({
    summary: 'All providers: asks, metrics, limits, on or off and why, health',
    operationId: 'listProviders',
  })
  @Answers('ProviderList')
  async list(): Promise<{ items: ProviderView[] }> {
    return { items: await this.providers.all() };
  }
}

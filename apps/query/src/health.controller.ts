import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Database } from '@assay/database';
import { Problems } from './openapi/decorators.js';
import { DATABASE } from './tokens.js';

@ApiTags('service')
@Controller('healthz')
export class HealthController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @ApiOperation({ summary: 'Whether this service can read its database', operationId: 'health' })
  @ApiOkResponse({
    content: {
      'application/json': {
        schema: { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } },
      },
    },
  })
  @Problems()
  async health(): Promise<{ status: 'ok' }> {
    await this.database.query({ name: 'healthz', text: 'SELECT 1' });
    return { status: 'ok' };
  }
}

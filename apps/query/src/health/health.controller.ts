import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { answerHealth, READY_RETRY_AFTER_S, type Health } from '@assay/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HEALTH } from '../tokens.js';

const part = {
  type: 'object' as const,
  required: ['ok', 'since'],
  properties: {
    ok: { type: 'boolean' as const },
    since: { type: 'string' as const, format: 'date-time' },
    error: { type: 'string' as const },
  },
};
const readiness = {
  'application/json': {
    schema: {
      type: 'object' as const,
      required: ['status', 'service', 'parts'],
      properties: {
        status: { type: 'string' as const, enum: ['ready', 'away'] },
        service: { type: 'string' as const },
        parts: { type: 'object' as const, additionalProperties: part },
      },
    },
  },
};
const alive = {
  'application/json': {
    schema: {
      type: 'object' as const,
      properties: { status: { type: 'string' as const, enum: ['live'] } },
    },
  },
};

/** Answered from memory: what is asked here can hang on nothing. */
@ApiTags('service')
@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether this process turns', operationId: 'healthLive' })
  @ApiOkResponse({ content: alive })
  live(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    return this.#answer(request, reply);
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Whether PostgreSQL, Kafka and the services are there, at most 5 s old',
    operationId: 'healthReady',
  })
  @ApiQuery({
    name: 'parts',
    required: false,
    schema: { type: 'string' },
    description: 'Only these, comma-separated: postgres,kafka.',
  })
  @ApiOkResponse({ description: 'All of them are there.', content: readiness })
  @ApiResponse({ status: 503, description: 'Something is away; `parts` says what.', content: readiness })
  ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    return this.#answer(request, reply);
  }

  #answer(request: FastifyRequest, reply: FastifyReply): object {
    const { status, body } = answerHealth(this.health, request.url)!;
    void reply.status(status).header('cache-control', 'no-store');
    if (status === 503) void reply.header('retry-after', String(READY_RETRY_AFTER_S));
    return body;
  }
}

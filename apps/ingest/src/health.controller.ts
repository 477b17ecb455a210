import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { answerHealth, READY_RETRY_AFTER_S, type Health } from '@assay/telemetry';
import type { FastifyReply, FastifyRequest } from './fastify-types.js';
import { HEALTH } from './tokens.js';

/** Whether this process turns, and whether PostgreSQL and Kafka are there. Neither question asks them: none can hang. */
@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH) private readonly health: Health) {}

  @Get('live')
  live(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    return this.answer(request, reply);
  }

  @Get('ready')
  ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    return this.answer(request, reply);
  }

  private answer(request: FastifyRequest, reply: FastifyReply): object {
    const { status, body } = answerHealth(this.health, request.raw.url ?? '')!;
    void reply.status(status).header('cache-control', 'no-store');
    if (status === 503) void reply.header('retry-after', String(READY_RETRY_AFTER_S));
    return body;
  }
}

import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Ceilings, RetryAccepted, SubmissionAccepted, SubmissionPlan } from '@assay/contracts';
import { ControlSubmission } from './control-submission.js';
import type { FastifyReply, FastifyRequest } from './fastify-types.js';
import type { IngestConfig } from './ingest.config.js';
import { readSmallBody } from './lines/read-small-body.js';
import { PlanSubmission } from './plan/plan-submission.js';
import { RetrySubmission } from './retry/retry-submission.js';
import { SetCeilings } from './set-ceilings.js';
import { SubmitUrls } from './submit-urls.js';
import { CONFIG } from './tokens.js';

@Controller('v1/submissions')
export class SubmissionsController {
  constructor(
    @Inject(SubmitUrls) private readonly urls: SubmitUrls,
    @Inject(ControlSubmission) private readonly control: ControlSubmission,
    @Inject(PlanSubmission) private readonly plans: PlanSubmission,
    @Inject(SetCeilings) private readonly ceilings: SetCeilings,
    @Inject(RetrySubmission) private readonly retries: RetrySubmission,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  @Post()
  @HttpCode(202)
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubmissionAccepted | SubmissionPlan> {
    const { accepted, planOnly } = await this.urls.submit(
      request.raw,
      request.query as Record<string, unknown>,
    );
    reply.header('location', accepted.links.self);
    if (!planOnly) return accepted;
    const plan = await this.plans.plan(accepted.id);
    reply.status(200);
    return plan;
  }

  @Get(':id/plan')
  plan(@Param('id') id: string): Promise<SubmissionPlan> {
    return this.plans.plan(id);
  }

  @Post(':id/ceilings')
  @HttpCode(200)
  setCeilings(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Ceilings> {
    return this.ceilings.set(id, request.raw);
  }

  @Post(':id/pause')
  @HttpCode(200)
  pause(@Param('id') id: string): Promise<SubmissionAccepted> {
    return this.control.move(id, 'pause');
  }

  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id') id: string): Promise<SubmissionAccepted> {
    return this.control.move(id, 'resume');
  }

  @Post(':id/start')
  @HttpCode(200)
  start(@Param('id') id: string): Promise<SubmissionAccepted> {
    return this.control.move(id, 'start');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string): Promise<SubmissionAccepted> {
    return this.control.move(id, 'cancel');
  }

  @Post(':id/retry')
  @HttpCode(202)
  async retry(@Param('id') id: string, @Req() request: FastifyRequest): Promise<RetryAccepted> {
    return this.retries.retry(id, await readSmallBody(request.raw, this.config.uploadIdleMs));
  }
}

import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { SubmissionAccepted } from '@assay/contracts';
import { ControlSubmission } from './control-submission.js';
import type { FastifyReply, FastifyRequest } from './fastify-types.js';
import { SubmitUrls } from './submit-urls.js';

@Controller('v1/submissions')
export class SubmissionsController {
  constructor(
    @Inject(SubmitUrls) private readonly urls: SubmitUrls,
    @Inject(ControlSubmission) private readonly control: ControlSubmission,
  ) {}

  @Post()
  @HttpCode(202)
  async submit(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubmissionAccepted> {
    const accepted = await this.urls.submit(request.raw, request.query as Record<string, unknown>);
    reply.header('location', accepted.links.self);
    return accepted;
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
}

import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { readId } from '../http/read-input.js';
import { Answers, SubmissionId } from '../openapi/decorators.js';
import { CostReader } from './cost-reader.js';
import type { CostView } from './cost-shape.js';

@ApiTags('submissions')
@Controller('v1/submissions')
export class CostController {
  constructor(private readonly costs: CostReader) {}

  @Get(':id/cost')
  @ApiOperation({
    summary: 'What a submission cost so far, by provider',
    description:
      'From the ledger, which holds each call that has a price since before it was made. Calls of free providers ' +
      'are not attributed to a submission.',
    operationId: 'getSubmissionCost',
  })
  @SubmissionId()
  @Answers('CostView')
  one(@Param('id') id: string): Promise<CostView> {
    return this.costs.view(readId(id));
  }
}

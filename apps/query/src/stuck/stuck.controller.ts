import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { StuckRow } from '@assay/contracts';
import { readSeqCursor, writeCursor } from '../http/cursor.js';
import { readId, readLimit, readText, type QueryInput } from '../http/read-input.js';
import { Paged, SubmissionId } from '../openapi/decorators.js';
import type { Page } from '../openapi/shapes.js';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { StuckReader } from './stuck-reader.js';

@ApiTags('rows')
@Controller('v1/submissions')
export class StuckController {
  constructor(
    private readonly submissions: SubmissionReader,
    private readonly stuck: StuckReader,
  ) {}

  @Get(':id/stuck')
  @ApiOperation({
    summary: 'Rows that have no final version though they were taken up again three times, by line number',
    description:
      'Each with the newest dead letter about it, where there is one: what a reader could not handle, and why. Mend ' +
      'the cause and replay the letter; the row leaves this list when it is final.',
    operationId: 'listStuck',
  })
  @SubmissionId()
  @Paged('StuckPage')
  async list(@Param('id') id: string, @Query() query: QueryInput): Promise<Page<StuckRow>> {
    const submission = readId(id);
    const after = readSeqCursor('stuck', readText(query, 'after'));
    const limit = readLimit(query);
    const [items] = await Promise.all([
      this.stuck.page(submission, after, limit),
      this.submissions.record(submission),
    ]);
    const last = items.at(-1);
    return { items, next: last && items.length === limit ? writeCursor('stuck', last.seq) : null };
  }
}

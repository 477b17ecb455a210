import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SubmissionView } from '@assay/contracts';
import { readIdCursor, writeCursor } from '../http/cursor.js';
import { readId, readLimit, readText, type QueryInput } from '../http/read-input.js';
import { Answers, Paged, SubmissionId } from '../openapi/decorators.js';
import type { Page } from '../openapi/shapes.js';
import { SubmissionReader } from './submission-reader.js';

@ApiTags('submissions')
@Controller('v1/submissions')
export class SubmissionsController {
  constructor(private readonly submissions: SubmissionReader) {}

  @Get()
  @ApiOperation({ summary: 'All submissions, newest first', operationId: 'listSubmissions' })
  @Paged('SubmissionPage')
  async list(@Query() query: QueryInput): Promise<Page<SubmissionView>> {
    const limit = readLimit(query, 20);
    const items = await this.submissions.page(readIdCursor('submissions', readText(query, 'after')), limit);
    const last = items.at(-1);
    return { items, next: last && items.length === limit ? writeCursor('submissions', last.id) : null };
  }

  @Get(':id')
  @ApiOperation({
    summary: 'One submission with its counts',
    description:
      'lines = accepted + duplicate + rejected; rows.total = waiting + partial + final; ' +
      'cells.planned = ok + absent + failed + skipped + pending.',
    operationId: 'getSubmission',
  })
  @SubmissionId()
  @Answers('SubmissionView')
  one(@Param('id') id: string): Promise<SubmissionView> {
    return this.submissions.view(readId(id));
  }
}

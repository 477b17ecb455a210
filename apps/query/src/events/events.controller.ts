import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { readSeqCursor } from '../http/cursor.js';
import { badInput } from '../http/problem.js';
import { readId, readLimit, readText, type QueryInput } from '../http/read-input.js';
import { Problems, SubmissionId } from '../openapi/decorators.js';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { SubmissionFeed } from './submission-feed.js';

const DESCRIPTION =
  'Server-sent events. `submission`: a SubmissionView, first at once, then whenever it changed. `rows`: a list of ' +
  'RowViews of the window given by `after` and `limit` that changed since they were last sent. `end`: nothing changes ' +
  'any more; the connection closes. A comment comes every 15 s. At most 4 looks a second; a slow reader skips states, ' +
  'never the last one.';

@ApiTags('submissions')
@Controller('v1/submissions/:id/events')
export class EventsController {
  constructor(
    private readonly submissions: SubmissionReader,
    private readonly feed: SubmissionFeed,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Counts and rows as they change',
    description: DESCRIPTION,
    operationId: 'watchSubmission',
  })
  @SubmissionId()
  @ApiQuery({
    name: 'after',
    required: false,
    schema: { type: 'string' },
    description: 'Cursor of the page of rows to watch.',
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: 1000, default: 100 },
    description: 'Rows to watch; 0 for none.',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Problems()
  async events(
    @Param('id') id: string,
    @Query() query: QueryInput,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const window = { after: readSeqCursor('rows', readText(query, 'after')), limit: readWatched(query) };
    const { id: submission } = await this.submissions.record(readId(id));
    if (reply.raw.destroyed) return;
    const listener = this.feed.listen(submission, window);
    await reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(listener.stream);
  }
}

function readWatched(query: QueryInput): number {
  if (readText(query, 'limit') === '0') return 0;
  try {
    return readLimit(query);
  } catch {
    throw badInput('`limit` is a whole number from 0 to 1000.');
  }
}

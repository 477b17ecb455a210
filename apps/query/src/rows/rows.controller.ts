import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { RowView } from '@assay/contracts';
import { readIdCursor, readSeqCursor, writeCursor } from '../http/cursor.js';
import { badInput } from '../http/problem.js';
import { readId, readLimit, readText, type QueryInput } from '../http/read-input.js';
import { Paged, RowFilter, SubmissionId } from '../openapi/decorators.js';
import type { Page, RejectedLine } from '../openapi/shapes.js';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { normaliseUrl } from './normalise-url.js';
import { readRowFilter } from './row-filter.js';
import { RowReader } from './row-reader.js';

@ApiTags('rows')
@Controller('v1')
export class RowsController {
  constructor(
    private readonly submissions: SubmissionReader,
    private readonly rows: RowReader,
  ) {}

  @Get('submissions/:id/rows')
  @ApiOperation({
    summary: 'Rows of a submission, by line number',
    description:
      'Rows that were not dispatched yet are waiting. A filtered page may hold fewer rows than `limit`, even none, ' +
      'while `next` is not null: go on with `next`.',
    operationId: 'listRows',
  })
  @SubmissionId()
  @RowFilter()
  @Paged('RowPage')
  async list(@Param('id') id: string, @Query() query: QueryInput): Promise<Page<RowView>> {
    const submission = readId(id);
    const filter = readRowFilter(query);
    const after = readSeqCursor('rows', readText(query, 'after'));
    const limit = readLimit(query);
    const [{ rows, next }] = await Promise.all([
      this.rows.slice(submission, filter, after, limit),
      this.submissions.record(submission),
    ]);
    return { items: rows, next: next === undefined ? null : writeCursor('rows', next) };
  }

  @Get('submissions/:id/rejected')
  @ApiOperation({ summary: 'Rejected lines with their reasons, by line number', operationId: 'listRejected' })
  @SubmissionId()
  @Paged('RejectedPage')
  async rejected(@Param('id') id: string, @Query() query: QueryInput): Promise<Page<RejectedLine>> {
    const submission = readId(id);
    const after = readSeqCursor('rejected', readText(query, 'after'));
    const limit = readLimit(query);
    const [items] = await Promise.all([
      this.rows.rejected(submission, after, limit),
      this.submissions.record(submission),
    ]);
    const last = items.at(-1);
    return { items, next: last && items.length === limit ? writeCursor('rejected', last.seq) : null };
  }

  @Get('urls')
  @ApiOperation({
    summary: 'All rows of one URL over all submissions, newest first',
    description:
      'The URL is normalised as a submitted line is. Rows that were not dispatched yet are not found by URL.',
    operationId: 'listRowsOfUrl',
  })
  @ApiQuery({ name: 'url', required: true, schema: { type: 'string', format: 'uri' } })
  @Paged('RowPage')
  async ofUrl(@Query() query: QueryInput): Promise<Page<RowView>> {
    const text = readText(query, 'url');
    if (text === undefined) throw badInput('`url` is missing: /v1/urls?url=https%3A%2F%2Fexample.com%2F');
    const limit = readLimit(query);
    const before = readIdCursor('urls', readText(query, 'after'));
    const items = await this.rows.ofUrl(normaliseUrl(text), before, limit);
    const last = items.at(-1);
    return { items, next: last && items.length === limit ? writeCursor('urls', last.submission) : null };
  }
}

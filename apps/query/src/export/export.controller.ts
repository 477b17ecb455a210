import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Registry } from '@assay/providers';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { badInput } from '../http/problem.js';
import { readChoice, readId, type QueryInput } from '../http/read-input.js';
import { Problems, SubmissionId } from '../openapi/decorators.js';
import { RowReader } from '../rows/row-reader.js';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { REGISTRY } from '../tokens.js';
import { EXPORT_FORMATS, exportRows, type ExportFormat } from './export-rows.js';

const TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};
const DESCRIPTION =
  'All rows as they are now. CSV by RFC 4180: a header, then a row per URL; per ask its outcome, `<ask>.until` and ' +
  '`<ask>.<metric>`. `ok(stale)`: the numbers are of an older answer, the last try failed. A missing number is an empty cell, never 0. Texts that a spreadsheet would take for a formula ' +
  "(they begin with = + - @, a tab or a line break) get a ' in front. NDJSON: a RowView per line, unchanged. A transfer " +
  'that is cut off ends with a broken connection, never with a proper end.';

@ApiTags('rows')
@Controller('v1/submissions/:id/export')
export class ExportController {
  constructor(
    private readonly submissions: SubmissionReader,
    private readonly rows: RowReader,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'All rows as a file, streamed',
    description: DESCRIPTION,
    operationId: 'exportRows',
  })
  @SubmissionId()
  @ApiQuery({ name: 'format', required: true, schema: { type: 'string', enum: [...EXPORT_FORMATS] } })
  @ApiOkResponse({
    content: {
      'text/csv': { schema: { type: 'string' } },
      'application/x-ndjson': { schema: { type: 'string' } },
    },
  })
  @Problems()
  async export(
    @Param('id') id: string,
    @Query() query: QueryInput,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = readChoice(query, 'format', EXPORT_FORMATS);
    if (!format) throw badInput('`format` is missing: csv or ndjson.');
    const submission = await this.submissions.record(readId(id));
    const read = async (after: number, limit: number) =>
      (await this.rows.slice(submission.id, {}, after, limit)).rows;
    const chunks = exportRows(format, submission.asks, this.registry, read);
    await reply
      .header('content-type', TYPES[format])
      .header('content-disposition', `attachment; filename="assay-${submission.id}.${format}"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }));
  }
}

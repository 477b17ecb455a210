import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { OUTCOMES, ROW_STATES } from '@assay/contracts';
import { LARGEST_PAGE } from '../http/read-input.js';
import type { SchemaName } from './shapes.js';

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });

const problem = (status: number, description: string) =>
  ApiResponse({ status, description, content: { 'application/problem+json': { schema: ref('Problem') } } });

/** 200 with a named schema, and the problems every read may end in. */
export function Answers(schema: SchemaName, description = '') {
  return applyDecorators(
    ApiOkResponse({ description, content: { 'application/json': { schema: ref(schema) } } }),
    Problems(),
  );
}

export function Problems() {
  return applyDecorators(
    problem(400, 'A parameter cannot be read; `detail` says which and how to write it.'),
    problem(404, 'There is no such thing.'),
    problem(503, 'The database cannot be reached; Retry-After says when to ask again.'),
  );
}

export function SubmissionId() {
  return ApiParam({
    name: 'id',
    schema: { type: 'string', format: 'uuid' },
    description: 'Id of the submission.',
  });
}

/** A list by keyset: `after`, `limit`. */
export function Paged(schema: SchemaName) {
  return applyDecorators(
    ApiQuery({
      name: 'after',
      required: false,
      schema: { type: 'string' },
      description: '`next` of the page before.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: LARGEST_PAGE },
      description: 'Items of a page.',
    }),
    Answers(schema),
  );
}

/** Which rows. */
export function RowFilter() {
  return applyDecorators(
    ApiQuery({ name: 'state', required: false, schema: { type: 'string', enum: [...ROW_STATES] } }),
    ApiQuery({
      name: 'outcome',
      required: false,
      schema: { type: 'string', enum: [...OUTCOMES] },
      description: 'Rows with at least one cell of this outcome.',
    }),
    ApiQuery({
      name: 'ask',
      required: false,
      schema: { type: 'string' },
      description: 'Together with `outcome`: look at the cell of this ask only.',
    }),
  );
}

import type { OpenAPIObject } from '@nestjs/swagger';
import { Ceiling, Deadlines, LASTING_REASONS, SubmissionOptions } from '@assay/contracts';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['post']>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

const OPTIONS = SubmissionOptions.schema.properties;

/** What both a JSON body and a text upload may say about the submission. */
const jsonBody = {
  type: 'object',
  required: ['urls'],
  properties: { urls: { type: 'array', items: { type: 'string' }, minItems: 1 }, ...OPTIONS },
  additionalProperties: false,
};

const queryOption = (name: string, schema: object, description: string) => ({
  name,
  in: 'query' as const,
  required: false,
  schema: JSON.parse(JSON.stringify(schema)) as object,
  description,
});

const DEADLINES = Deadlines.properties;

/** A JSON body names them itself. */
const TEXT_OPTIONS = [
  queryOption('name', OPTIONS.name, 'What to call it.'),
  queryOption('lane', OPTIONS.lane, 'express (small, interactive) or bulk. Missing: by size.'),
  queryOption('providers', { type: 'string' }, 'Provider ids, comma-separated. Missing: all that are on.'),
  queryOption('round1Ms', DEADLINES.round1Ms, 'Round one closes this long after a row was dispatched.'),
  queryOption('deadlineMs', DEADLINES.deadlineMs, 'The row closes this long after it was dispatched.'),
  queryOption('patienceMs', OPTIONS.patienceMs, 'Longest wait for a limit before a cell is skipped.'),
  queryOption('maxAgeMs', OPTIONS.maxAgeMs, 'Oldest stored answer that is taken instead of asking.'),
  queryOption('refresh', OPTIONS.refresh, 'true: nothing stored is taken; the same as maxAgeMs=0.'),
  queryOption(
    'maxPrice',
    Ceiling.properties.maxPrice,
    'Ceiling in USD; `maxPrice.moz=3` for one provider. Never passed: what is beyond it is skipped(budget).',
  ),
  queryOption(
    'maxCalls',
    Ceiling.properties.maxCalls,
    'Ceiling in calls; `maxCalls.moz=100` for one provider. robots.txt and tokens, asked once for many rows, are not counted.',
  ),
  queryOption('weight', OPTIONS.weight, 'Share of dispatch beside other lists.'),
];

/** Of a JSON body's request too: what is asked for there may stand here. */
const PLAN_OPTION = queryOption(
  'plan',
  OPTIONS.plan,
  'only: the list is kept and answered with its plan; nothing is asked until it is started.',
);

const PLANNED = (description: string) => ({
  description,
  content: { 'application/json': { schema: ref('SubmissionPlan') } },
});

const HAND_IN: Operation = {
  tags: ['submissions'],
  operationId: 'createSubmission',
  summary: 'Hand in a list',
  description:
    'Streamed: a list of a million lines may be sent as text. 202 means that all of it is committed. Blank lines and ' +
    'a CSV header are not lines; rejected lines are listed with their reasons. Broken JSON keeps nothing.',
  parameters: [...TEXT_OPTIONS, PLAN_OPTION],
  requestBody: {
    required: true,
    content: {
      'application/json': { schema: jsonBody as object },
      'text/plain': { schema: { type: 'string', description: 'A URL a line.' } },
      'text/csv': { schema: { type: 'string', description: 'The URL in the first column.' } },
    },
  },
  responses: {
    200: PLANNED('With plan=only: kept, paused, and what it will take.'),
    202: {
      description: 'Taken, all of it is committed.',
      content: { 'application/json': { schema: ref('SubmissionAccepted') } },
    },
    400: problem('It cannot be read; nothing was kept.'),
    403: problem('A page of another site sent it.'),
    415: problem('This content type is not taken.'),
    503: problem('Ingest cannot be reached; nothing was kept. Retry-After says when to send it again.'),
  },
} as Operation;

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };

const RETRY: Operation = {
  tags: ['submissions'],
  operationId: 'retrySubmission',
  summary: 'Ask cells again',
  description:
    'Cells of final rows whose last try matches the filter, and those that take a fact from them, are asked again under ' +
    'the next generation; known facts are carried along, everything else stays as it is, and no measured number ' +
    'disappears. All that the filter gives must hold; without one, what failed and what was skipped is asked again, ' +
    `but for reasons that would only end the same (${LASTING_REASONS.join(', ')}) unless \`reasons\` names them. ` +
    'Stored answers that are still fresh are taken as they are.',
  parameters: [ID],
  requestBody: {
    required: false,
    content: {
      'application/json': {
        schema: ref('RetryFilter'),
        example: {
          outcomes: ['failed', 'skipped'],
          classes: ['timeout'],
          reasons: ['quota'],
          providers: ['moz'],
        },
      },
    },
  },
  responses: {
    202: {
      description: 'Committed: so many rows and cells are asked again.',
      content: { 'application/json': { schema: ref('RetryAccepted') } },
    },
    400: problem('The filter cannot be read, or names what this submission does not ask.'),
    404: problem('There is no submission with this id.'),
    409: problem('Nothing matches, or not possible yet; `detail` says which.'),
    413: problem('The filter is longer than 64 KB.'),
    503: problem('Ingest cannot be reached. Retry-After says when to ask again.'),
  },
} as Operation;

/** A control of a submission, with what it answers. */
const control = (verb: string, summary: string, description?: string): Paths[string] => ({
  post: {
    tags: ['submissions'],
    operationId: `${verb}Submission`,
    summary,
    ...(description && { description }),
    parameters: [ID],
    responses: {
      200: {
        description: 'As it is now. Asking again for what is so already is no fault.',
        content: { 'application/json': { schema: ref('SubmissionAccepted') } },
      },
      404: problem('There is no submission with this id.'),
      409: problem('Not possible in this state; `detail` says which.'),
      503: problem('Ingest cannot be reached. Retry-After says when to ask again.'),
    },
  } as Operation,
});

const SUBMISSION_ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };

const PLAN = {
  tags: ['submissions'],
  operationId: 'getSubmissionPlan',
  summary: 'What a submission will take: calls, price, end, what will be skipped and why',
  description:
    'Computed anew, before its rows are on their way. Exact for asks about submitted units; for asks that wait for ' +
    'facts `max` is never passed. Retries are not counted.',
  parameters: [SUBMISSION_ID],
  responses: {
    200: PLANNED('The plan. Nothing was asked.'),
    404: problem('There is no submission with this id.'),
    409: problem('It is still arriving, cancelled, or its rows are on their way already.'),
    503: problem('Ingest cannot be reached, or many plans are being made.'),
  },
} as Operation;

const CEILINGS = {
  tags: ['submissions'],
  operationId: 'setSubmissionCeilings',
  summary: 'Set, raise or lower the ceilings of a submission',
  description: 'Takes the place of those before; {} for none. What was skipped(budget) is asked by a retry.',
  parameters: [SUBMISSION_ID],
  requestBody: { required: true, content: { 'application/json': { schema: ref('Ceilings') } } },
  responses: {
    200: { description: 'As they are now.', content: { 'application/json': { schema: ref('Ceilings') } } },
    400: problem('They cannot be read, or name a provider that is not asked.'),
    404: problem('There is no submission with this id.'),
    409: problem('Its rows went out before it had any ceiling.'),
    503: problem('Ingest cannot be reached. Retry-After says when to ask again.'),
  },
} as Operation;

/** What query passes on to ingest. */
export const WRITE_PATHS: Paths = {
  '/v1/submissions': { post: HAND_IN },
  '/v1/submissions/{id}/start': control(
    'start',
    'Begin a list that was kept for its plan, or a truncated upload with what arrived',
  ),
  '/v1/submissions/{id}/plan': { get: PLAN },
  '/v1/submissions/{id}/ceilings': { post: CEILINGS },
  '/v1/submissions/{id}/pause': control(
    'pause',
    'Stop dispatching; calls that are out end, no other begins',
    'Deadlines of rows that are dispatched already go on: what waits past them ends skipped(expired), and a list of which ' +
      'all rows have ended so is complete, with nothing left to resume. A retry with {"reasons":["expired"]} asks that again. ' +
      'A list of up to 500 rows is dispatched whole.',
  ),
  '/v1/submissions/{id}/resume': control('resume', 'Go on dispatching'),
  '/v1/submissions/{id}/cancel': control(
    'cancel',
    'Ask nothing more; what has no outcome yet ends skipped(cancelled)',
  ),
  '/v1/submissions/{id}/retry': { post: RETRY },
};

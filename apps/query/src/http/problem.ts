import type { Problem } from '@assay/contracts';
import { troubleOf, type Trouble } from '@assay/database';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  403: 'Not allowed from there',
  404: 'Not found',
  405: 'Not possible here',
  414: 'The address is too long',
  429: 'Too many at once',
  431: 'The headers are too long',
  500: 'Something went wrong here',
  502: 'The answer was cut off',
  503: 'Not available right now',
  504: 'No answer in time',
};

/** RFC 9457; `detail` is for people and says what to do next. */
export function problemOf(status: number, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Refused', status, detail };
}

/** A request that is answered with a problem. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    /** Seconds after which asking again makes sense. */
    readonly retryAfter?: number,
  ) {
    super(detail);
    this.name = 'ProblemError';
  }
}

export const badInput = (detail: string) => new ProblemError(400, detail);
export const notFound = (detail: string) => new ProblemError(404, detail);

const RETRY_AFTER_S = 2;
const LATER = 'Nothing is lost; ask again in a moment.';

export const databaseAway = () =>
  new ProblemError(503, `The database cannot be reached. ${LATER}`, RETRY_AFTER_S);

function troubled({ kind, words }: Trouble): ProblemError {
  if (kind === 'away') return databaseAway();
  return new ProblemError(503, `${words[0]!.toUpperCase()}${words.slice(1)}. ${LATER}`, RETRY_AFTER_S);
}

/** The problem that any error ends as. What is not foreseen is a 500 that gives nothing away. */
export function problemFor(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const trouble = troubleOf(error);
  if (trouble) return troubled(trouble);
  const { message, statusCode, status } = (error ?? {}) as Record<string, unknown>;
  const given = Number(statusCode ?? status);
  if (given === 404)
    return notFound('There is nothing at this address. GET /openapi.json lists what there is.');
  if (given >= 400 && given < 500)
    return new ProblemError(given, `${String(message)}. GET /openapi.json describes what can be asked.`);
  return new ProblemError(500, 'This is a fault of ours; it is in the log of query. Asking again may help.');
}

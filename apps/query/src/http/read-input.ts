import { badInput } from './problem.js';

/** A query string as Fastify hands it over: a name given twice is a list. */
export type QueryInput = Readonly<Record<string, string | string[] | undefined>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const LARGEST_PAGE = 1_000;

/** @throws ProblemError 400 */
export function readId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw badInput(
    'The id of a submission is a UUID such as 019b0000-0000-7000-8000-000000000000; GET /v1/submissions lists them.',
  );
}

/** One value of a parameter; undefined where it is missing or empty. @throws ProblemError 400 */
export function readText(query: QueryInput, name: string): string | undefined {
  const value = query[name];
  if (Array.isArray(value)) throw badInput(`\`${name}\` stands there twice: give it once.`);
  return value === '' ? undefined : value;
}

/** Rows of a page, 1 to 1,000. @throws ProblemError 400 */
export function readLimit(query: QueryInput, fallback = 100): number {
  const text = readText(query, 'limit');
  if (text === undefined) return fallback;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LARGEST_PAGE) return limit;
  throw badInput(`\`limit\` is a whole number from 1 to ${LARGEST_PAGE}.`);
}

/** @throws ProblemError 400 that lists the choices. */
export function readChoice<T extends string>(
  query: QueryInput,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = readText(query, name);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text);
  if (choice) return choice;
  throw badInput(`\`${name}\` is one of ${choices.join(', ')}.`);
}

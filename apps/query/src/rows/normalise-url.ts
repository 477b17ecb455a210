import { badInput } from '../http/problem.js';

/**
 * The form under which ingest keeps a URL: WHATWG, http or https, no fragment.
 * @throws ProblemError 400
 */
export function normaliseUrl(text: string): string {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed))
    throw badInput(
      '`url` is a whole http or https URL, percent-encoded: /v1/urls?url=https%3A%2F%2Fexample.com%2F',
    );
  const { href } = new URL(trimmed);
  const fragment = href.indexOf('#');
  return fragment < 0 ? href : href.slice(0, fragment);
}

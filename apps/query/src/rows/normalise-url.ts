import { parseUrl } from '@assay/contracts';
import { badInput } from '../http/problem.js';

/**
 * The form under which ingest keeps a URL: WHATWG, http or https, no fragment.
 * @throws ProblemError 400
 */
export function normaliseUrl(text: string): string {
  const trimmed = text.trim();
  const url = /^https?:\/\//i.test(trimmed) ? parseUrl(trimmed) : undefined;
  if (!url)
    throw badInput(
      '`url` is a whole http or https URL, percent-encoded: /v1/urls?url=https%3A%2F%2Fexample.com%2F',
    );
  const { href } = url;
  const fragment = href.indexOf('#');
  return fragment < 0 ? href : href.slice(0, fragment);
}

import { questionKey, type Question } from '../provider.js';
import { isObject } from '../read-json.js';
import { scopeOf } from './scope.js';

/** Finds the question that a row of the answer belongs to; undefined for a row that nobody asked for. */
export type SiteIndex = (siteQuery: unknown) => string | undefined;

/**
 * Moz repeats our query as `original_site_query` and shows its own reading of it beside. The original may come
 * back without its scheme; that spelling counts only where a single question has it.
 */
export function siteIndex(questions: readonly Question[]): SiteIndex {
  const exact = new Map<string, string>();
  const loose = new Map<string, string | undefined>();
  for (const question of questions) {
    const scope = scopeOf(question);
    exact.set(siteKey(scope, question.unit), questionKey(question));
    const bare = siteKey(scope, bareUrl(question.unit));
    loose.set(bare, loose.has(bare) ? undefined : questionKey(question));
  }
  return (siteQuery) => {
    if (!isObject(siteQuery)) return undefined;
    const original = readQuery(siteQuery['original_site_query']);
    const own = readQuery(siteQuery);
    const [first = own, second = own] = [original, own];
    return (
      lookUp(exact, first) ??
      lookUp(exact, second) ??
      (first && loose.get(siteKey(first.scope, bareUrl(first.query))))
    );
  };
}

interface SiteQuery {
  readonly query: string;
  readonly scope: string;
}

function readQuery(value: unknown): SiteQuery | undefined {
  if (!isObject(value)) return undefined;
  const { query, scope } = value;
  return typeof query === 'string' && typeof scope === 'string' ? { query, scope } : undefined;
}

function lookUp(index: ReadonlyMap<string, string>, site: SiteQuery | undefined): string | undefined {
  return site && index.get(siteKey(site.scope, site.query));
}

function siteKey(scope: string, query: string): string {
  return `${scope} ${query}`;
}

function bareUrl(url: string): string {
  const bare = url.replace(/^https?:\/\//i, '');
  return bare.endsWith('/') ? bare.slice(0, -1) : bare;
}

import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { withoutScheme } from '../same-page.js';
import { parseStories } from './parse-stories.js';
import { STORY_METRICS } from './story-metrics.js';

const SEARCH = 'https://hn.algolia.com/api/v1/search';
const DAY_MS = 86_400_000;
/** Fifty stories; one may hold a long text. */
const CAP_BYTES = 2 * 1024 * 1024;

/** Hacker News by its search at Algolia: stories that link to a page. The search is fuzzy, what is counted is not. */
export const hackernews = defineProvider({
  id: 'hackernews',
  title: 'Hacker News',
  docs: 'https://hn.algolia.com/api',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'hackernews',
      surface: 'hackernews',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [
    { permits: 2, perMs: 1_000, of: 'calls' },
    { permits: 10_000, perMs: 3_600_000, of: 'calls' },
  ],
  concurrency: 4,
  limitKey: () => 'hackernews',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: STORY_METRICS,
  canary: { surface: 'hackernews', unit: 'https://www.wikipedia.org/' },
  request,
  parse: parseStories,
});

function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const query = new URLSearchParams({
    query: withoutScheme(question.unit),
    restrictSearchableAttributes: 'url',
    tags: 'story',
    hitsPerPage: '50',
  });
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${SEARCH}?${query.toString()}`, headers, capBytes: CAP_BYTES }];
}

import { count } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseTotal } from './parse-total.js';

const SEARCH = 'https://api.stackexchange.com/2.3/search/advanced';
const DAY_MS = 86_400_000;

/** Stack Overflow: questions that link to a page. A key is free and raises the quota of a day from 300 to 10,000. */
export const stackexchange = defineProvider({
  id: 'stackexchange',
  title: 'Stack Exchange (Stack Overflow)',
  docs: 'https://api.stackexchange.com/docs/advanced-search',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'STACKEXCHANGE_KEY',
    signUp: 'https://stackapps.com/apps/oauth/register',
    optional: true,
  },
  asks: [
    {
      id: 'stackexchange',
      surface: 'stackexchange',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [
    { permits: 10, perMs: 1_000, of: 'calls' },
    { permits: 10_000, perMs: DAY_MS, of: 'calls', resets: 'utc' },
  ],
  limitsWithoutKey: [
    { permits: 2, perMs: 1_000, of: 'calls' },
    { permits: 300, perMs: DAY_MS, of: 'calls', resets: 'utc' },
  ],
  // Timing as for its kin, Hacker News.
  concurrency: 4,
  limitKey: () => 'stackexchange',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [count('posts', 'posts', 'Questions whose text links to it, with all that begins so')],
  canary: { surface: 'stackexchange', unit: 'https://developer.mozilla.org/en-US/docs/Web' },
  request,
  parse: parseTotal,
});

/** The filter `total` leaves nothing but the count. Asterisks match whatever stands around the URL. */
function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const query = new URLSearchParams({ url: `*${question.unit}*`, site: 'stackoverflow', filter: 'total' });
  if (key) query.set('key', key);
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${SEARCH}?${query.toString()}`, headers }];
}

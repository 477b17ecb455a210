import { defineProvider } from '../provider.js';
import { infoSteps } from './info-steps.js';
import { POST_METRICS } from './post-metrics.js';

const DAY_MS = 86_400_000;

/**
 * Reddit: posts that link to a page, with and without a slash at its end. A client's id and secret buy a token that is
 * shared for most of an hour; two calls a page. Timing as for its kin, Hacker News.
 */
export const reddit = defineProvider({
  id: 'reddit',
  title: 'Reddit',
  docs: 'https://www.reddit.com/dev/api/#GET_api_info',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'oauth', env: 'REDDIT_CLIENT', signUp: 'https://www.reddit.com/prefs/apps' },
  asks: [
    {
      id: 'reddit',
      surface: 'reddit',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: 100 calls a minute for a client; a page takes two.
  limits: [{ permits: 50, perMs: 60_000, of: 'units' }],
  // Two spellings of most pages; the token is shared.
  requestsPerUnit: { least: 1, likely: 2, most: 3, shared: { likely: 0, most: 1 } },
  concurrency: 4,
  limitKey: () => 'reddit',
  timeoutMs: 10_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: POST_METRICS,
  canary: { surface: 'reddit', unit: 'https://www.wikipedia.org/' },
  quotaLeft: (reply) => {
    const left = reply.kind === 'reply' ? (reply.headers['x-ratelimit-remaining'] ?? '') : '';
    return /^\d{1,9}(\.\d{1,9})?$/.test(left) ? Math.floor(Number(left)) : undefined;
  },
  steps: infoSteps,
});

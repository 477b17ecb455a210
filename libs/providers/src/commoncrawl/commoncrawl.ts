import { count, date, flag } from '../metric.js';
import { defineProvider } from '../provider.js';
import { crawlSteps } from './crawl-steps.js';

const DAY_MS = 86_400_000;

/** Common Crawl, index of the latest crawl. Addresses that ask fast are shut out: one call in two seconds, one at a time. */
export const commoncrawl = defineProvider({
  id: 'commoncrawl',
  title: 'Common Crawl',
  docs: 'https://index.commoncrawl.org/',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'commoncrawl.url',
      surface: 'commoncrawl.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'commoncrawl.domain',
      surface: 'commoncrawl.domain',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 2_000, of: 'calls' }],
  // The list of crawls is shared for a day.
  requestsPerUnit: { least: 1, likely: 1, most: 2, shared: { likely: 0, most: 1 } },
  concurrency: 1,
  limitKey: () => 'commoncrawl',
  timeoutMs: 30_000,
  retries: 1,
  breaker: { volume: 5, errorPercent: 60, coolOffMs: 600_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [
    count('captures', 'captures', 'Different captures of HTML in the latest crawl'),
    count('pages', 'pages', 'Different addresses among them'),
    date('last_capture_at', 'The last of them'),
    flag('capped', 'There are more than the hundred that were looked at'),
  ],
  canary: { surface: 'commoncrawl.domain', unit: 'wikipedia.org' },
  steps: crawlSteps,
});

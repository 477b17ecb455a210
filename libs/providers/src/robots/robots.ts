import { parseUrl } from '@assay/contracts';
import { count, flag, score } from '../metric.js';
import { defineProvider, type Question } from '../provider.js';
import { robotsSteps } from './robots-steps.js';

const DAY_MS = 86_400_000;

/**
 * robots.txt of an origin, by RFC 9309: 4xx means that everything is allowed, 5xx that nothing is. Limits are those of
 * `page`, which asks for the same file: in one process both share it.
 */
export const robots = defineProvider({
  id: 'robots',
  title: 'robots.txt',
  docs: 'https://www.rfc-editor.org/rfc/rfc9309',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [{ id: 'robots', surface: 'robots', round: 1, unit: 'origin' }],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1_000, of: 'calls' }],
  // Shared with `page` in one process; behind up to five redirects.
  requestsPerUnit: { least: 0, likely: 1, most: 6, shared: { likely: 1, most: 6 } },
  concurrency: 64,
  concurrencyPerKey: 1,
  limitKey: ({ unit }: Question) => parseUrl(unit)?.host ?? unit,
  timeoutMs: 10_000,
  retries: 1,
  breaker: { volume: 5, errorPercent: 80, coolOffMs: 600_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: [
    count('http_status', '', 'Status of the file', [100, 599]),
    flag('allows_root', 'We may fetch the page at /'),
    score('crawl_delay_s', 'Seconds between calls that the file asks of us', [0, 86_400]),
    count('sitemap_count', '', 'Sitemaps that the file names'),
  ],
  canary: { surface: 'robots', unit: 'https://www.wikipedia.org' },
  steps: robotsSteps,
});

import { parseUrl } from '@assay/contracts';
import { defineProvider, type Question } from '../provider.js';
import { PAGE_METRICS } from './page-metrics.js';
import { pageSteps } from './page-steps.js';

const DAY_MS = 86_400_000;

/**
 * The page itself. What its outcomes mean:
 *
 * ok                     a host answered: `http_status` and what else was measured. Numbers about the content are
 *                        left out, and `problem` says why, for a status other than 2xx (they would describe an error
 *                        page), another type than HTML, a redirect that leads nowhere, a loop, or more than ten
 *                        redirects: all these are facts about the page, the same at the next try. Of a page that was
 *                        cut at 2 MiB only what stands in its head is known.
 * skipped(robots)        robots.txt of an origin on the way forbids it, or could not be served (5xx).
 * failed(rate_limited)   429, or 503 with Retry-After: a word about us, not about the page.
 * failed(network|timeout) no reply; the message starts with the transport's code: dns, refused, tls, reset, timeout,
 *                        protocol, blocked_address.
 */
export const page = defineProvider({
  id: 'page',
  title: 'The page itself',
  docs: 'https://www.rfc-editor.org/rfc/rfc9309',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [{ id: 'page', surface: 'page', round: 1, unit: 'url' }],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1000, of: 'calls' }],
  // The page behind up to ten redirects, and for each of these eleven robots.txt behind up to five.
  requestsPerUnit: { least: 0, likely: 1, most: 77, perKey: 1, shared: { likely: 0, most: 66 } },
  concurrency: 64,
  concurrencyPerKey: 1,
  limitKey: ({ unit }: Question) => parseUrl(unit)?.host ?? unit,
  timeoutMs: 10_000,
  retries: 1,
  // Per host: four of five calls.
  breaker: { volume: 5, errorPercent: 80, coolOffMs: 600_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: PAGE_METRICS,
  canary: { surface: 'page', unit: 'https://www.wikipedia.org/' },
  steps: pageSteps,
});

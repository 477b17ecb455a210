import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { LIGHTHOUSE_METRICS } from './lighthouse-metrics.js';
import { parseRun } from './parse-run.js';

const RUN = 'https://pagespeedonline.googleapis.com/pagespeedonline/v5/runPagespeed';
const CATEGORIES = ['PERFORMANCE', 'SEO', 'ACCESSIBILITY', 'BEST_PRACTICES'];
const DAY_MS = 86_400_000;
/** A report holds every audit with its details and a screenshot. */
const CAP_BYTES = 8 * 1024 * 1024;

const needs = { fact: 'finalUrl', from: 'page', need: 'preferred' } as const;

/** PageSpeed Insights: a Lighthouse run of 10 to 60 s, and what Chrome's users saw. */
export const pagespeed = defineProvider({
  id: 'pagespeed',
  title: 'PageSpeed Insights',
  docs: 'https://developers.google.com/speed/docs/insights/v5/get-started',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'PAGESPEED_KEY',
    signUp: 'https://developers.google.com/speed/docs/insights/v5/get-started#APIKey',
  },
  asks: [
    { id: 'pagespeed.mobile', surface: 'pagespeed.mobile', round: 2, unit: 'url', needs },
    { id: 'pagespeed.desktop', surface: 'pagespeed.desktop', round: 2, unit: 'url', needs },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: 240 a minute and 25,000 a day. The first window spreads them.
  limits: [
    { permits: 4, perMs: 1_000, of: 'calls' },
    { permits: 240, perMs: 60_000, of: 'calls' },
    { permits: 25_000, perMs: DAY_MS, of: 'calls', resets: 'pacific' },
  ],
  concurrency: 8,
  limitKey: () => 'pagespeed',
  timeoutMs: 90_000,
  retries: 1,
  breaker: { volume: 20, errorPercent: 60, coolOffMs: 120_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: DAY_MS },
  metrics: LIGHTHOUSE_METRICS,
  canary: { surface: 'pagespeed.mobile', unit: 'https://example.com/' },
  request,
  parse: parseRun,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const query = new URLSearchParams(CATEGORIES.map((name): [string, string] => ['category', name]));
  query.set('url', question.unit);
  query.set('strategy', question.surface === 'pagespeed.desktop' ? 'desktop' : 'mobile');
  query.set('key', key);
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${RUN}?${query.toString()}`, headers, capBytes: CAP_BYTES }];
}

import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { COUNT_METRICS } from './count-metrics.js';
import { parseCounts } from './parse-counts.js';

const API = 'https://api.sharedcount.com/v1.1/';
const DAY_MS = 86_400_000;

/**
 * SharedCount: Facebook and Pinterest counts, one URL a call. Its bulk job answers by polling for minutes, which no row
 * could wait for. Timing as for its kin, Hacker News.
 */
export const sharedcount = defineProvider({
  id: 'sharedcount',
  title: 'SharedCount',
  docs: 'https://www.sharedcount.com/api-docs/v1.1',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'query', env: 'SHAREDCOUNT_KEY', signUp: 'https://www.sharedcount.com/pricing' },
  asks: [
    {
      id: 'sharedcount',
      surface: 'sharedcount',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed; plans differ in the quota of a day.
  limits: [
    { permits: 10, perMs: 1_000, of: 'calls' },
    { permits: 10_000, perMs: DAY_MS, of: 'calls', resets: 'utc' },
  ],
  concurrency: 4,
  limitKey: () => 'sharedcount',
  timeoutMs: 10_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: COUNT_METRICS,
  canary: { surface: 'sharedcount', unit: 'https://www.wikipedia.org/' },
  request,
  parse: parseCounts,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const query = new URLSearchParams({ url: question.unit, apikey: key });
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${API}?${query.toString()}`, headers }];
}

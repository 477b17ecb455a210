import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { BULK_METRICS, ENDPOINTS } from './bulk-metrics.js';
import { isSupported, parseTasks } from './parse-tasks.js';

const API = 'https://api.dataforseo.com/v3/backlinks';
/** A thousand items with URLs of up to 8 KB. */
const CAP_BYTES = 12 * 1024 * 1024;
const DAY_MS = 86_400_000;

const needs = (fact: 'canonicalUrl' | 'finalHost' | 'finalDomain') =>
  ({ fact, from: 'page', need: 'preferred' }) as const;

/** DataForSEO backlinks: a batch of up to a thousand targets goes to four bulk endpoints at once. */
export const dataforseo = defineProvider({
  id: 'dataforseo',
  title: 'DataForSEO',
  docs: 'https://docs.dataforseo.com/v3/backlinks/bulk_ranks/live/',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'basic',
    env: 'DATAFORSEO_LOGIN',
    signUp: 'https://app.dataforseo.com/api-access',
  },
  asks: [
    { id: 'dataforseo.url', surface: 'dataforseo.url', round: 2, unit: 'url', needs: needs('canonicalUrl') },
    { id: 'dataforseo.host', surface: 'dataforseo.host', round: 2, unit: 'host', needs: needs('finalHost') },
    {
      id: 'dataforseo.domain',
      surface: 'dataforseo.domain',
      round: 2,
      unit: 'domain',
      needs: needs('finalDomain'),
    },
  ],
  batch: { size: 1_000, lingerMs: 100 },
  limits: [{ permits: 2_000, perMs: 60_000, of: 'calls' }],
  // Four calls a batch, thirty in flight allowed.
  concurrency: 4,
  limitKey: () => 'dataforseo',
  timeoutMs: 30_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  // Of four endpoints, each about 0.02 USD a call and 0.00003 USD a row.
  price: { perCallMicroUsd: 80_000, perUnitMicroUsd: 120 },
  metrics: BULK_METRICS,
  canary: { surface: 'dataforseo.domain', unit: 'wikipedia.org' },
  request,
  parse: parseTasks,
});

/** The body is a list with one task. The same target of two surfaces is asked once. */
function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const targets = [...new Set(questions.filter(isSupported).map(({ unit }) => unit))];
  if (targets.length === 0) return [];
  const headers = {
    authorization: `Basic ${Buffer.from(key).toString('base64')}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  return ENDPOINTS.map(({ path }) => ({
    method: 'POST',
    url: `${API}/${path}/live`,
    headers,
    body: JSON.stringify([path === 'bulk_ranks' ? { targets, rank_scale: 'one_hundred' } : { targets }]),
    capBytes: CAP_BYTES,
  }));
}

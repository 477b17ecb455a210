import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { COLUMNS, OVERVIEW_METRICS } from './overview-metrics.js';
import { isSupported, parseOverview } from './parse-overview.js';

const API = 'https://api.semrush.com/analytics/v1/';
const DAY_MS = 86_400_000;

/** Semrush backlinks overview: text in columns, one target a call. Breaker as for its kin, Ahrefs. */
export const semrush = defineProvider({
  id: 'semrush',
  title: 'Semrush',
  docs: 'https://developer.semrush.com/api/v3/analytics/backlinks/',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'SEMRUSH_KEY',
    signUp: 'https://www.semrush.com/api-documentation/',
  },
  asks: [
    {
      id: 'semrush.url',
      surface: 'semrush.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'semrush.domain',
      surface: 'semrush.domain',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed.
  limits: [{ permits: 10, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'semrush',
  timeoutMs: 30_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  // Assumed: 40 units a call, 50 USD for a million units.
  price: { perCallMicroUsd: 2_000 },
  metrics: OVERVIEW_METRICS,
  canary: { surface: 'semrush.domain', unit: 'wikipedia.org' },
  request,
  parse: parseOverview,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || !isSupported(question)) return [];
  const query = new URLSearchParams({
    key,
    type: 'backlinks_overview',
    target: question.unit,
    target_type: question.surface === 'semrush.url' ? 'url' : 'root_domain',
    export_columns: Object.values(COLUMNS).join(','),
  });
  const headers = { accept: 'text/csv, text/plain', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${API}?${query.toString()}`, headers }];
}

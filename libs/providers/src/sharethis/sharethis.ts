import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseShares } from './parse-shares.js';
import { SHARE_METRICS } from './share-metrics.js';

const API = 'https://count-server.sharethis.com/v2.0/get_counts';
const DAY_MS = 86_400_000;

/** ShareThis: shares through its buttons. No published limit: a call a second. Timing as for its kin, Hacker News. */
export const sharethis = defineProvider({
  id: 'sharethis',
  title: 'ShareThis',
  docs: 'https://sharethis.com/support/',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'sharethis',
      surface: 'sharethis',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1_000, of: 'calls' }],
  concurrency: 2,
  limitKey: () => 'sharethis',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: SHARE_METRICS,
  canary: { surface: 'sharethis', unit: 'https://www.wikipedia.org/' },
  request,
  parse: parseShares,
});

function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${API}?url=${encodeURIComponent(question.unit)}`, headers }];
}

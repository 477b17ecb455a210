import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseRanks } from './parse-ranks.js';
import { RANK_METRICS } from './rank-metrics.js';

const RANKS = 'https://tranco-list.eu/api/ranks/domain';
const DAY_MS = 86_400_000;

/**
 * Tranco: popularity by several lists together. Most of the web has no place, which says nothing bad about it. For
 * research; cite the paper. A list of millions would rather load the whole ranking once a day.
 */
export const tranco = defineProvider({
  id: 'tranco',
  title: 'Tranco',
  docs: 'https://tranco-list.eu/api_documentation',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    { id: 'tranco', surface: 'tranco', round: 1, unit: 'domain' },
    {
      id: 'tranco.final',
      surface: 'tranco',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'required', unlessSameAs: 'tranco' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1_100, of: 'calls' }],
  concurrency: 1,
  limitKey: () => 'tranco',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: RANK_METRICS,
  canary: { surface: 'tranco', unit: 'wikipedia.org' },
  request,
  parse: parseRanks,
});

/** An address has no place, and is not asked about. */
function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  if (!question || isIpAddress(question.unit)) return [];
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${RANKS}/${encodeURIComponent(question.unit)}`, headers }];
}

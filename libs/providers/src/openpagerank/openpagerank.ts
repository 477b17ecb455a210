import { text } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseRanks } from './parse-ranks.js';
import { RANK_METRICS } from './rank-metrics.js';

const BULK = 'https://openpagerank.keywordseverywhere.com/v1/domains/bulk';
const DAY_MS = 86_400_000;

/** Open PageRank: authority of a domain by links of the open web graph. */
export const openpagerank = defineProvider({
  id: 'openpagerank',
  title: 'Open PageRank',
  docs: 'https://openpagerank.keywordseverywhere.com/docs',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'bearer',
    env: 'OPENPAGERANK_KEY',
    signUp: 'https://openpagerank.keywordseverywhere.com',
  },
  asks: [
    {
      id: 'openpagerank',
      surface: 'openpagerank',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 100, lingerMs: 20 },
  limits: [{ permits: 30_000, perMs: 30 * DAY_MS, of: 'units' }],
  concurrency: 4,
  limitKey: () => 'openpagerank',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [
    ...RANK_METRICS,
    text('answered_domain', 'The parent domain that the numbers are about, where it is not the one asked'),
  ],
  canary: { surface: 'openpagerank', unit: 'wikipedia.org' },
  request,
  parse: parseRanks,
});

/** Nothing is sent where only addresses were asked: they have no rank, and one may spoil the batch. */
function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const domains = questions.map(({ unit }) => unit).filter((unit) => !isIpAddress(unit));
  if (domains.length === 0) return [];
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  const body = JSON.stringify({ domains: [...new Set(domains)], include_history: false });
  return [{ method: 'POST', url: BULK, headers, body }];
}

import { score } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseRating } from './parse-rating.js';

const RATING = 'https://api.ahrefs.com/v3/public/domain-rating-free';
const DAY_MS = 86_400_000;

/** Ahrefs' Domain Rating, free. No published limit: a call a second. Timing as for its kin, Tranco. */
export const ahrefsDr = defineProvider({
  id: 'ahrefs-dr',
  title: 'Ahrefs Domain Rating (free)',
  docs: 'https://docs.ahrefs.com/docs/api/reference/public',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'bearer',
    env: 'AHREFS_DR_KEY',
    signUp: 'https://ahrefs.com/api',
    optional: true,
  },
  asks: [{ id: 'ahrefs-dr', surface: 'ahrefs-dr', round: 1, unit: 'domain' }],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 1, perMs: 1_000, of: 'calls' }],
  concurrency: 2,
  limitKey: () => 'ahrefs-dr',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: 7 * DAY_MS },
  metrics: [score('domain_rating', 'Strength of the domain by its links, 0 to 100', [0, 100])],
  canary: { surface: 'ahrefs-dr', unit: 'wikipedia.org' },
  request,
  parse: parseRating,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || isIpAddress(question.unit)) return [];
  const url = `${RATING}?target=${encodeURIComponent(question.unit)}&output=json`;
  const authorization = key ? { authorization: `Bearer ${key}` } : {};
  return [
    {
      method: 'GET',
      url,
      headers: { ...authorization, accept: 'application/json', 'user-agent': userAgent },
    },
  ];
}

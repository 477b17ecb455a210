import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseRanking } from './parse-ranking.js';
import { RADAR_METRICS } from './rank-metrics.js';

const RANKING = 'https://api.cloudflare.com/client/v4/radar/ranking/domain';
const DAY_MS = 86_400_000;

/** Cloudflare Radar: popularity by queries to its resolver. For other than commercial use (CC BY-NC 4.0). */
export const radar = defineProvider({
  id: 'radar',
  title: 'Cloudflare Radar',
  docs: 'https://developers.cloudflare.com/radar/investigate/domain-ranking-datasets/',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'bearer',
    env: 'RADAR_TOKEN',
    signUp: 'https://dash.cloudflare.com/profile/api-tokens',
  },
  asks: [{ id: 'radar', surface: 'radar', round: 1, unit: 'domain' }],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: 1,200 in five minutes.
  limits: [
    { permits: 2, perMs: 1_000, of: 'calls' },
    { permits: 1_200, perMs: 300_000, of: 'calls' },
  ],
  concurrency: 4,
  limitKey: () => 'radar',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: 7 * DAY_MS },
  metrics: RADAR_METRICS,
  canary: { surface: 'radar', unit: 'google.com' },
  request,
  parse: parseRanking,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || isIpAddress(question.unit)) return [];
  const headers = { authorization: `Bearer ${key}`, accept: 'application/json', 'user-agent': userAgent };
  const url = `${RANKING}/${encodeURIComponent(question.unit)}?rankingType=POPULAR&format=JSON`;
  return [{ method: 'GET', url, headers }];
}

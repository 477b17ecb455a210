import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { ENGAGEMENT_METRICS } from './engagement-metrics.js';
import { parseEngagement } from './parse-engagement.js';

const GRAPH = 'https://graph.facebook.com/v25.0/';
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Facebook Graph API: engagement of up to 50 URLs a call. Timing as for its kin, Safe Browsing. */
export const facebook = defineProvider({
  id: 'facebook',
  title: 'Facebook',
  docs: 'https://developers.facebook.com/docs/graph-api/reference/v25.0/url',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'FACEBOOK_TOKEN',
    signUp: 'https://developers.facebook.com/apps/',
  },
  asks: [
    {
      id: 'facebook',
      surface: 'facebook',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
  ],
  // Assumed: 50 ids a call.
  batch: { size: 50, lingerMs: 100 },
  // 200 calls an hour; a call in 15 s is what has been seen to pass.
  limits: [
    { permits: 1, perMs: 15_000, of: 'calls' },
    { permits: 200, perMs: HOUR_MS, of: 'calls' },
  ],
  concurrency: 1,
  limitKey: () => 'facebook',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: ENGAGEMENT_METRICS,
  canary: { surface: 'facebook', unit: 'https://www.facebook.com/' },
  request,
  parse: parseEngagement,
});

/** A comma parts ids, so that one inside a URL is escaped twice over by its percent sign. */
function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const ids = questions.map(({ unit }) => unit.replaceAll(',', '%2C'));
  const [only] = ids;
  if (only === undefined) return [];
  const query = new URLSearchParams(ids.length === 1 ? { id: only } : { ids: ids.join(',') });
  query.set('fields', 'engagement');
  query.set('access_token', key);
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${GRAPH}?${query.toString()}`, headers }];
}

import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseUser } from './parse-user.js';
import { USER_METRICS } from './user-metrics.js';

const USERS = 'https://api.github.com/users';
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const LOGIN = /^[a-z0-9](?:[a-z0-9-]{0,38})$/i;

/** GitHub: the account that a page names. A token raises 60 calls an hour to 5,000. Timing as for its kin, Bluesky. */
export const github = defineProvider({
  id: 'github',
  title: 'GitHub',
  docs: 'https://docs.github.com/en/rest/users/users#get-a-user',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'bearer',
    env: 'GITHUB_TOKEN',
    signUp: 'https://github.com/settings/tokens',
    optional: true,
  },
  asks: [
    {
      id: 'github',
      surface: 'github',
      round: 2,
      unit: 'handle',
      needs: { fact: 'handles', network: 'github', from: 'page', need: 'required' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 5_000, perMs: HOUR_MS, of: 'calls' }],
  limitsWithoutKey: [{ permits: 60, perMs: HOUR_MS, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'github',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: USER_METRICS,
  canary: { surface: 'github', unit: 'torvalds' },
  quotaLeft: (reply) => {
    const left = reply.kind === 'reply' ? (reply.headers['x-ratelimit-remaining'] ?? '') : '';
    return /^\d{1,9}$/.test(left) ? Number(left) : undefined;
  },
  request,
  parse: parseUser,
});

/** Nothing is sent for what cannot be a login. */
function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question || !LOGIN.test(question.unit)) return [];
  const authorization = key ? { authorization: `Bearer ${key}` } : {};
  const headers = { ...authorization, accept: 'application/vnd.github+json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${USERS}/${question.unit}`, headers }];
}

import { defineProvider } from '../provider.js';
import { ACCOUNT_METRICS } from './account-metrics.js';
import { instanceOf, request } from './request-account.js';
import { parseAccount } from './parse-account.js';

const DAY_MS = 86_400_000;

/**
 * Mastodon: the account that a page names, at its own instance. The instance comes from a page: it is a foreign address,
 * with limits and a breaker of its own. Timing as for its kin, Bluesky.
 */
export const mastodon = defineProvider({
  id: 'mastodon',
  title: 'Mastodon',
  docs: 'https://docs.joinmastodon.org/methods/accounts/#lookup',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'mastodon',
      surface: 'mastodon',
      round: 2,
      unit: 'handle',
      needs: { fact: 'handles', network: 'mastodon', from: 'page', need: 'required' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: what an instance allows an address by default.
  limits: [{ permits: 300, perMs: 300_000, of: 'calls' }],
  concurrency: 8,
  concurrencyPerKey: 1,
  limitKey: ({ unit }) => instanceOf(unit) ?? 'none',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: ACCOUNT_METRICS,
  canary: { surface: 'mastodon', unit: 'Mastodon@mastodon.social' },
  request,
  parse: parseAccount,
});

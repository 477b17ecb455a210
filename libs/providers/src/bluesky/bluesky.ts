import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { BLUESKY_METRICS, LINK_METRICS, PROFILE_METRICS } from './bluesky-metrics.js';
import { parseBluesky } from './parse-bluesky.js';
import { splitBySurface } from './surfaces.js';

const XRPC = 'https://public.api.bsky.app/xrpc';
const DAY_MS = 86_400_000;
/** A hundred posts with all that is embedded in them. */
const CAP_BYTES = 4 * 1024 * 1024;
const ids = (metrics: readonly { id: string }[]) => metrics.map(({ id }) => id);

/**
 * Bluesky: profiles of the accounts that a page names, 25 a call, and posts that link to a page. Anonymous search is
 * often refused; each surface has limits and a breaker of its own, so that this does not touch profiles.
 */
export const bluesky = defineProvider({
  id: 'bluesky',
  title: 'Bluesky',
  docs: 'https://docs.bsky.app/docs/api/app-bsky-actor-get-profiles',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'bluesky.profile',
      surface: 'bluesky.profile',
      round: 2,
      unit: 'handle',
      needs: { fact: 'handles', network: 'bluesky', from: 'page', need: 'required' },
      metrics: ids(PROFILE_METRICS),
    },
    {
      id: 'bluesky.links',
      surface: 'bluesky.links',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
      metrics: ids(LINK_METRICS),
    },
  ],
  batch: { size: 25, lingerMs: 50 },
  // Assumed: 3,000 in five minutes for an address; each surface takes half.
  limits: [{ permits: 1_500, perMs: 300_000, of: 'calls' }],
  concurrency: 4,
  limitKey: ({ surface }: Question) => surface,
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: BLUESKY_METRICS,
  canary: { surface: 'bluesky.profile', unit: 'bsky.app' },
  request,
  parse: parseBluesky,
});

/** One call for all profiles, one for each page. */
function request(questions: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  const { profiles, links } = splitBySurface(questions);
  const actors = profiles.map(({ unit }) => `actors=${encodeURIComponent(unit)}`).join('&');
  const search = links.map(({ unit }) => {
    const query = new URLSearchParams({ q: '*', url: unit, limit: '100' });
    return `${XRPC}/app.bsky.feed.searchPosts?${query.toString()}`;
  });
  const urls = profiles.length > 0 ? [`${XRPC}/app.bsky.actor.getProfiles?${actors}`, ...search] : search;
  return urls.map((url) => ({ method: 'GET', url, headers, capBytes: CAP_BYTES }));
}

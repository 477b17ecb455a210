import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { LISTING_METRICS } from './listing-metrics.js';
import { parseListing } from './parse-listing.js';

const API = 'https://urlhaus-api.abuse.ch/v1';
const SIX_HOURS_MS = 21_600_000;
const SHARED_METRICS = ['listed', 'blacklist_count', 'added_at'];

/** abuse.ch URLhaus: URLs that spread malware, and hosts on which such URLs lie. */
export const urlhaus = defineProvider({
  id: 'urlhaus',
  title: 'URLhaus (abuse.ch)',
  docs: 'https://urlhaus-api.abuse.ch/',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'header', env: 'URLHAUS_KEY', signUp: 'https://auth.abuse.ch/' },
  asks: [
    {
      id: 'urlhaus.url',
      surface: 'urlhaus.url',
      round: 1,
      unit: 'url',
      metrics: [...SHARED_METRICS, 'online', 'threat', 'tag_count', 'payload_count'],
    },
    {
      id: 'urlhaus.host',
      surface: 'urlhaus.host',
      round: 1,
      unit: 'host',
      metrics: [...SHARED_METRICS, 'url_count'],
    },
    {
      id: 'urlhaus.final',
      surface: 'urlhaus.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'finalUrl', from: 'page', need: 'required', unlessSameAs: 'urlhaus.url' },
      metrics: [...SHARED_METRICS, 'online', 'threat', 'tag_count', 'payload_count'],
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Fair use, without a number: two a second are taken.
  limits: [{ permits: 2, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'urlhaus',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: SIX_HOURS_MS, absent: SIX_HOURS_MS },
  metrics: LISTING_METRICS,
  canary: { surface: 'urlhaus.url', unit: 'https://www.wikipedia.org/', outcome: 'absent' },
  request,
  parse: parseListing,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const kind = question.surface === 'urlhaus.host' ? 'host' : 'url';
  const headers = {
    'auth-key': key,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  const body = new URLSearchParams({ [kind]: question.unit }).toString();
  return [{ method: 'POST', url: `${API}/${kind}/`, headers, body }];
}

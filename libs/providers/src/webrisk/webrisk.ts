import { count, flag } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseThreats } from './parse-threats.js';
import { THREATS } from './threats.js';

const SEARCH = 'https://webrisk.googleapis.com/v1/uris:search';
const HALF_HOUR_MS = 1_800_000;

/** Google Web Risk, Lookup: the paid kin of Safe Browsing, one URL a call. Limits and timing as there. */
export const webrisk = defineProvider({
  id: 'webrisk',
  title: 'Google Web Risk',
  docs: 'https://cloud.google.com/web-risk/docs/lookup-api',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'WEBRISK_KEY',
    signUp: 'https://console.cloud.google.com/apis/library/webrisk.googleapis.com',
  },
  asks: [
    { id: 'webrisk', surface: 'webrisk', round: 1, unit: 'url' },
    {
      id: 'webrisk.final',
      surface: 'webrisk',
      round: 2,
      unit: 'url',
      needs: { fact: 'finalUrl', from: 'page', need: 'required', unlessSameAs: 'webrisk' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: 6,000 a minute for a project.
  limits: [{ permits: 6_000, perMs: 60_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'webrisk',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  // A match says itself for how long.
  ttlMs: { ok: HALF_HOUR_MS, absent: HALF_HOUR_MS },
  // Assumed: 0.50 USD per 1,000 calls beyond the free 100,000 a month.
  price: { perCallMicroUsd: 500 },
  metrics: [
    count('threats', '', 'Kinds of threat the URL is listed for; 0: asked and not listed'),
    ...THREATS.map(({ metric, meaning }) => flag(metric, meaning)),
  ],
  canary: { surface: 'webrisk', unit: 'http://testsafebrowsing.appspot.com/s/malware.html' },
  request,
  parse: parseThreats,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const query = new URLSearchParams(THREATS.map(({ type }): [string, string] => ['threatTypes', type]));
  query.set('uri', question?.unit ?? '');
  query.set('key', key);
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'GET', url: `${SEARCH}?${query.toString()}`, headers }];
}

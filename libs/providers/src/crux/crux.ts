import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { EXPERIENCE_METRICS } from './experience-metrics.js';
import { parseRecord } from './parse-record.js';

const QUERY = 'https://chromeuxreport.googleapis.com/v1/records:queryRecord';
const DAY_MS = 86_400_000;

const needs = { fact: 'finalUrl', from: 'page', need: 'preferred' } as const;

/** Chrome UX Report: 28 days of real visits with any device, of a page or of its whole origin. */
export const crux = defineProvider({
  id: 'crux',
  title: 'Chrome UX Report',
  docs: 'https://developer.chrome.com/docs/crux/api',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'CRUX_KEY',
    signUp: 'https://developer.chrome.com/docs/crux/api#APIKey',
  },
  asks: [
    { id: 'crux.url', surface: 'crux.url', round: 2, unit: 'url', needs },
    { id: 'crux.origin', surface: 'crux.origin', round: 2, unit: 'origin', needs },
  ],
  batch: { size: 1, lingerMs: 0 },
  limits: [{ permits: 150, perMs: 60_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'crux',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: DAY_MS, absent: DAY_MS },
  metrics: EXPERIENCE_METRICS,
  canary: { surface: 'crux.origin', unit: 'https://www.wikipedia.org' },
  request,
  parse: parseRecord,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const { surface, unit } = question;
  const body = JSON.stringify(surface === 'crux.origin' ? { origin: unit } : { url: unit });
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'POST', url: `${QUERY}?key=${encodeURIComponent(key)}`, headers, body }];
}

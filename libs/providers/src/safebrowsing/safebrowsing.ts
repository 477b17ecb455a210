import { count, flag } from '../metric.js';
import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseMatches } from './parse-matches.js';
import { THREAT_TYPES } from './threat-types.js';

const LOOKUP = 'https://safebrowsing.googleapis.com/v4/threatMatches:find';
/** 500 matched URLs with a few hundred bytes around each come to half of it; longer URLs may take more. */
const CAP_BYTES = 4 * 1024 * 1024;

/** Google Safe Browsing, Lookup API v4: which known threats lie behind a URL. */
export const safebrowsing = defineProvider({
  id: 'safebrowsing',
  title: 'Google Safe Browsing (v4)',
  docs: 'https://developers.google.com/safe-browsing/v4/lookup-api',
  checked: '2026-11-24',
  version: 1,
  auth: {
    kind: 'key',
    form: 'query',
    env: 'SAFEBROWSING_KEY',
    signUp: 'https://console.cloud.google.com/apis/library/safebrowsing.googleapis.com',
  },
  asks: [
    { id: 'safebrowsing', surface: 'safebrowsing', round: 1, unit: 'url' },
    {
      id: 'safebrowsing.final',
      surface: 'safebrowsing',
      round: 2,
      unit: 'url',
      // A clean URL may lead to a bad one.
      needs: { fact: 'finalUrl', from: 'page', need: 'required', unlessSameAs: 'safebrowsing' },
    },
  ],
  batch: { size: 500, lingerMs: 20 },
  limits: [{ permits: 10_000, perMs: 86_400_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'safebrowsing',
  timeoutMs: 10_000,
  retries: 3,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  // The terms allow half an hour for a clean answer; a match says itself for how long.
  ttlMs: { ok: 1_800_000, absent: 1_800_000 },
  metrics: [
    count('threats', '', 'Kinds of threat the URL is listed for; 0: asked and not listed'),
    count('match_count', '', 'List entries that match the URL'),
    ...THREAT_TYPES.map(({ metric, meaning }) => flag(metric, meaning)),
  ],
  canary: { surface: 'safebrowsing', unit: 'http://testsafebrowsing.appspot.com/s/malware.html' },
  request,
  parse: parseMatches,
});

function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const body = {
    client: { clientId: 'assay', clientVersion: '0.1.0' },
    threatInfo: {
      threatTypes: THREAT_TYPES.map(({ id }) => id),
      platformTypes: ['ANY_PLATFORM'],
      threatEntryTypes: ['URL'],
      threatEntries: questions.map(({ unit }) => ({ url: unit })),
    },
  };
  const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': userAgent };
  const url = `${LOOKUP}?key=${encodeURIComponent(key)}`;
  return [{ method: 'POST', url, headers, body: JSON.stringify(body), capBytes: CAP_BYTES }];
}

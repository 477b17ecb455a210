import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parsePhish } from './parse-phish.js';
import { PHISH_METRICS } from './phish-metrics.js';

const CHECK = 'https://checkurl.phishtank.com/checkurl/';
const SIX_HOURS_MS = 21_600_000;

/** PhishTank: reported phishing pages. New keys are often not given out. Timing as for its kin, URLhaus. */
export const phishtank = defineProvider({
  id: 'phishtank',
  title: 'PhishTank',
  docs: 'https://phishtank.org/api_info.php',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'form', env: 'PHISHTANK_KEY', signUp: 'https://phishtank.org/api_register.php' },
  asks: [
    { id: 'phishtank', surface: 'phishtank', round: 1, unit: 'url' },
    {
      id: 'phishtank.final',
      surface: 'phishtank',
      round: 2,
      unit: 'url',
      needs: { fact: 'finalUrl', from: 'page', need: 'required', unlessSameAs: 'phishtank' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Assumed: "a few a second".
  limits: [{ permits: 2, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'phishtank',
  timeoutMs: 8_000,
  retries: 2,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: SIX_HOURS_MS, absent: SIX_HOURS_MS },
  metrics: PHISH_METRICS,
  canary: { surface: 'phishtank', unit: 'https://www.wikipedia.org/', outcome: 'absent' },
  request,
  parse: parsePhish,
});

function request([question]: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  const body = new URLSearchParams({ url: question.unit, format: 'json', app_key: key }).toString();
  return [{ method: 'POST', url: CHECK, headers, body }];
}

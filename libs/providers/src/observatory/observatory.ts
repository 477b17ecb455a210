import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { parseScan } from './parse-scan.js';
import { SCAN_METRICS } from './scan-metrics.js';

const SCAN = 'https://observatory-api.mdn.mozilla.net/api/v2/scan';
const DAY_MS = 86_400_000;

/**
 * MDN HTTP Observatory: how well a host's headers protect its visitors. A scan visits the host, so only hosts that our
 * own fetch reached are asked about; a second scan within a minute answers from the first. Breaker as for its kin.
 */
export const observatory = defineProvider({
  id: 'observatory',
  title: 'MDN HTTP Observatory',
  docs: 'https://github.com/mdn/mdn-http-observatory#json-api',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'none' },
  asks: [
    {
      id: 'observatory',
      surface: 'observatory',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'required' },
    },
  ],
  batch: { size: 1, lingerMs: 0 },
  // Published is one scan a minute for each host, which the time to live keeps; two a second over all is courtesy.
  limits: [{ permits: 2, perMs: 1_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'observatory',
  timeoutMs: 30_000,
  retries: 1,
  breaker: { volume: 20, errorPercent: 50, coolOffMs: 60_000 },
  ttlMs: { ok: 7 * DAY_MS, absent: DAY_MS },
  metrics: SCAN_METRICS,
  canary: { surface: 'observatory', unit: 'developer.mozilla.org' },
  request,
  parse: parseScan,
});

function request([question]: readonly Question[], { userAgent }: AskContext): ProviderRequest[] {
  if (!question) return [];
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  return [{ method: 'POST', url: `${SCAN}?host=${encodeURIComponent(question.unit)}`, headers }];
}

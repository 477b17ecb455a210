import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { BATCH_METRICS, SELECT } from './batch-metrics.js';
import { isSupported, modeOf, parseTargets } from './parse-targets.js';

const BATCH = 'https://api.ahrefs.com/v3/batch-analysis/batch-analysis';
/** A hundred rows, URLs of up to 8 KB among them. */
const CAP_BYTES = 2 * 1024 * 1024;
const DAY_MS = 86_400_000;

/**
 * Ahrefs, batch analysis. A call costs at least 50 units of the plan, so that filling batches pays. A target that Ahrefs
 * cannot read may spoil the whole batch: the caller then asks it in halves.
 */
export const ahrefs = defineProvider({
  id: 'ahrefs',
  title: 'Ahrefs',
  docs: 'https://docs.ahrefs.com/docs/api/reference/batch-analysis',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'bearer', env: 'AHREFS_KEY', signUp: 'https://ahrefs.com/api' },
  asks: [
    {
      id: 'ahrefs.url',
      surface: 'ahrefs.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'ahrefs.domain',
      surface: 'ahrefs.domain',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
      metrics: BATCH_METRICS.map(({ id }) => id).filter((id) => id !== 'url_rating'),
    },
  ],
  batch: { size: 100, lingerMs: 100 },
  limits: [
    { permits: 1, perMs: 1_000, of: 'calls' },
    { permits: 60, perMs: 60_000, of: 'calls' },
  ],
  concurrency: 2,
  limitKey: () => 'ahrefs',
  timeoutMs: 60_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  // Assumed: six units a row at a small plan's price.
  price: { perUnitMicroUsd: 10_000 },
  metrics: BATCH_METRICS,
  canary: { surface: 'ahrefs.domain', unit: 'wikipedia.org' },
  request,
  parse: parseTargets,
});

function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const asked = questions.filter(isSupported);
  if (asked.length === 0) return [];
  const targets = asked.map((question) => ({
    url: question.unit,
    mode: modeOf(question),
    protocol: 'both',
  }));
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  const body = JSON.stringify({ select: Object.values(SELECT), targets });
  return [{ method: 'POST', url: BATCH, headers, body, capBytes: CAP_BYTES }];
}

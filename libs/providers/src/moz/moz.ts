import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { parseSites } from './parse-sites.js';
import { SITE_METRICS } from './site-metrics.js';
import { scopeOf } from './scope.js';

const RPC = 'https://api.moz.com/jsonrpc';
const METHOD = 'data.site.metrics.fetch.multiple';
/** Moz refuses ids of fewer characters. */
const SHORTEST_ID = 24;
/** Each of 50 sites repeats its URL of up to 8 KB three times, escaped, beside 2 KB of numbers. */
const CAP_BYTES = 4 * 1024 * 1024;
const DAY_MS = 86_400_000;

/** Moz link metrics, JSON-RPC API. One row of the plan's quota per unit. */
export const moz = defineProvider({
  id: 'moz',
  title: 'Moz',
  docs: 'https://moz.com/api/docs',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'header', env: 'MOZ_TOKEN', signUp: 'https://moz.com/api' },
  asks: [
    {
      id: 'moz.url',
      surface: 'moz.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'moz.host',
      surface: 'moz.host',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'preferred' },
    },
    {
      id: 'moz.domain',
      surface: 'moz.domain',
      round: 2,
      unit: 'domain',
      needs: { fact: 'finalDomain', from: 'page', need: 'preferred' },
    },
  ],
  batch: { size: 50, lingerMs: 50 },
  // Plans differ: a paid one takes a call a second with ease, the free one a call in ten seconds.
  limits: [{ permits: 1, perMs: 1000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'moz',
  timeoutMs: 30_000,
  retries: 2,
  // More than 50 replies of 4xx in five minutes slow the whole account down.
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000, countsBadRequest: true },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  // The dearest overage on the price list: 5 USD per 1,000 rows.
  price: { perUnitMicroUsd: 5_000 },
  metrics: SITE_METRICS,
  canary: { surface: 'moz.domain', unit: 'wikipedia.org' },
  request,
  parse: parseSites,
});

function request(
  questions: readonly Question[],
  { key, userAgent, requestId }: AskContext,
): ProviderRequest[] {
  const asked = questions.filter((question) => !(scopeOf(question) !== 'url' && isIpAddress(question.unit)));
  if (asked.length === 0) return [];
  const site_queries = asked.map((question) => ({ query: question.unit, scope: scopeOf(question) }));
  const headers = {
    'x-moz-token': key,
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  const body = {
    jsonrpc: '2.0',
    id: envelopeId(requestId),
    method: METHOD,
    params: { data: { site_queries } },
  };
  return [{ method: 'POST', url: RPC, headers, body: JSON.stringify(body), capBytes: CAP_BYTES }];
}

function envelopeId(requestId: string): string {
  return requestId.padEnd(SHORTEST_ID, '0');
}

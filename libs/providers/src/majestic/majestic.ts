import { defineProvider, type AskContext, type ProviderRequest, type Question } from '../provider.js';
import { ITEM_METRICS } from './item-metrics.js';
import { parseItems } from './parse-items.js';
import { bySource } from './source.js';

const API = 'https://api.majestic.com/api/json';
/** A hundred items of some 3 KB each, URLs of up to 8 KB among them. */
const CAP_BYTES = 4 * 1024 * 1024;
const DAY_MS = 86_400_000;

const finalDomain = { fact: 'finalDomain', from: 'page', need: 'preferred' } as const;

/**
 * Majestic, GetIndexItemInfo: one unit of the plan for each item. The fresh index holds some months, the historic one
 * years. A trust flow below about a third of the citation flow is the usual sign of link spam.
 */
export const majestic = defineProvider({
  id: 'majestic',
  title: 'Majestic',
  docs: 'https://developer-support.majestic.com/api/commands/get-index-item-info.shtml',
  checked: '2026-11-24',
  version: 1,
  auth: { kind: 'key', form: 'form', env: 'MAJESTIC_KEY', signUp: 'https://majestic.com/account/api' },
  asks: [
    {
      id: 'majestic.url',
      surface: 'majestic.url',
      round: 2,
      unit: 'url',
      needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
    },
    {
      id: 'majestic.host',
      surface: 'majestic.host',
      round: 2,
      unit: 'host',
      needs: { fact: 'finalHost', from: 'page', need: 'preferred' },
    },
    { id: 'majestic.domain', surface: 'majestic.domain', round: 2, unit: 'domain', needs: finalDomain },
    {
      id: 'majestic.domain.historic',
      surface: 'majestic.domain.historic',
      round: 2,
      unit: 'domain',
      needs: finalDomain,
    },
  ],
  batch: { size: 100, lingerMs: 50 },
  // Plans differ and publish no rate; a call a second is taken by all. A batch that asks both indexes is two.
  limits: [{ permits: 2, perMs: 2_000, of: 'calls' }],
  concurrency: 4,
  limitKey: () => 'majestic',
  timeoutMs: 30_000,
  retries: 2,
  breaker: { volume: 10, errorPercent: 50, coolOffMs: 120_000 },
  ttlMs: { ok: 30 * DAY_MS, absent: 7 * DAY_MS },
  // Assumed: a small plan's price for one unit.
  price: { perUnitMicroUsd: 40 },
  metrics: ITEM_METRICS,
  canary: { surface: 'majestic.domain', unit: 'wikipedia.org' },
  request,
  parse: parseItems,
});

/** One call for each index that is asked. Items are numbered within their call. */
function request(questions: readonly Question[], { key, userAgent }: AskContext): ProviderRequest[] {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': userAgent,
  };
  return bySource(questions).map(([datasource, asked]) => {
    const form = new URLSearchParams({ app_api_key: key, cmd: 'GetIndexItemInfo', datasource });
    form.set('items', String(asked.length));
    asked.forEach(({ unit }, at) => form.set(`item${at}`, unit));
    return { method: 'POST', url: API, headers, body: form.toString(), capBytes: CAP_BYTES };
  });
}

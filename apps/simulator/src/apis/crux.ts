import { none, type Truth } from '../truth/expected.js';
import { classOf } from '../world/domain-class.js';
import { share } from '../world/hash.js';
import { speedOf } from '../world/speed.js';
import { domainOf, hostOf } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { googleError } from './google-error.js';
import { acceptsKey } from './keys.js';
import { parseObject } from './parse-object.js';

const HOST = 'chromeuxreport.googleapis.com';

const WORDS: ProviderWords = {
  tooMany: () =>
    googleError(
      429,
      'RESOURCE_EXHAUSTED',
      `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '${HOST}'`,
    ),
  broken: (status) =>
    googleError(status, status === 503 ? 'UNAVAILABLE' : 'INTERNAL', 'Internal error encountered.'),
  unauthorised: () => googleError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
};

/** 28 days of visits to a page or an origin; most pages have too few. */
export const crux: Api = { id: 'crux', hosts: [HOST], exchange: query, truth };

function query(request: WireRequest): Exchange {
  const body = parseObject(request.body);
  const isOrigin = body?.['origin'] !== undefined;
  const unit = String(body?.[isOrigin ? 'origin' : 'url'] ?? '');
  const key = request.query.get('key') ?? '';
  const refused = refusal(request, key, unit);
  return {
    provider: 'crux',
    asked: [{ surface: isOrigin ? 'crux.origin' : 'crux.url', unit }],
    unit,
    limit: { key: `crux|${key}`, windows: [{ permits: 150, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit, isOrigin),
    words: WORDS,
  };
}

function refusal(request: WireRequest, key: string, unit: string): WireAnswer | undefined {
  if (request.path !== '/v1/records:queryRecord' || request.method !== 'POST') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  return /^https?:\/\//.test(unit)
    ? undefined
    : googleError(400, 'INVALID_ARGUMENT', 'Invalid url or origin.');
}

function hasData(unit: string, isOrigin: boolean): boolean {
  const odds = { popular: 0.95, ordinary: 0.4, young: 0.05, spam: 0.05, dead: 0 }[classOf(domainOf(unit))];
  return share(hostOf(unit), 'crux') < odds && (isOrigin || share(unit, 'crux-page') < 0.4);
}

/** Shares of visits in the good bin, to four digits. */
function goodOf(value: number, good: number): number {
  return Math.round(10_000 * Math.min(0.99, Math.max(0.05, 1.2 - value / (good * 2.2)))) / 10_000;
}

function binsOf(good: number, ends: readonly [number | string, number | string, number | string]): object[] {
  const middle = Math.round(6_000 * (1 - good)) / 10_000;
  const last = Math.round(10_000 * (1 - good - middle)) / 10_000;
  return [
    { start: ends[0], end: ends[1], density: good },
    { start: ends[1], end: ends[2], density: middle },
    { start: ends[2], density: last },
  ];
}

function answerOf(unit: string, isOrigin: boolean): WireAnswer {
  if (!hasData(unit, isOrigin)) return googleError(404, 'NOT_FOUND', 'chrome ux report data not found');
  const { lcpMs, inpMs, shift, ttfbMs } = speedOf(unit);
  const metrics = {
    largest_contentful_paint: {
      histogram: binsOf(goodOf(lcpMs, 2_500), [0, 2_500, 4_000]),
      percentiles: { p75: lcpMs },
    },
    interaction_to_next_paint: {
      histogram: binsOf(goodOf(inpMs, 200), [0, 200, 500]),
      percentiles: { p75: inpMs },
    },
    // Layout shift comes as text throughout.
    cumulative_layout_shift: {
      histogram: binsOf(goodOf(shift, 10), ['0.00', '0.10', '0.25']),
      percentiles: { p75: (shift / 100).toFixed(2) },
    },
    experimental_time_to_first_byte: { percentiles: { p75: ttfbMs } },
  };
  const collectionPeriod = {
    firstDate: { year: 2026, month: 9, day: 20 },
    lastDate: { year: 2026, month: 10, day: 17 },
  };
  return json(200, {
    record: { key: isOrigin ? { origin: unit } : { url: unit }, metrics, collectionPeriod },
  });
}

function truth(unit: string, surface: string): Truth {
  if (!hasData(unit, surface === 'crux.origin')) return none('absent', 'too few visits');
  const { lcpMs, inpMs, shift, ttfbMs } = speedOf(unit);
  return {
    outcome: 'ok',
    numbers: {
      lcp_ms: lcpMs,
      inp_ms: inpMs,
      cls: shift / 100,
      ttfb_ms: ttfbMs,
      lcp_good: goodOf(lcpMs, 2_500),
      inp_good: goodOf(inpMs, 200),
      cls_good: goodOf(shift, 10),
    },
  };
}

import { none, type Truth } from '../truth/expected.js';
import { classOf } from '../world/domain-class.js';
import { placeOf } from '../world/popularity.js';
import { draws, share } from '../world/hash.js';
import { decoded, isAddress } from '../world/unit.js';
import {
  json,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import type { Api } from './api.js';
import { bearerOf } from './credentials.js';
import { acceptsKey } from './keys.js';

const PATH = /^\/client\/v4\/radar\/ranking\/domain\/([^/]+)$/;
const BUCKETS = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
const CATEGORIES = ['Content Servers', 'Technology', 'News & Media', 'Ecommerce', 'Education'];

const problem = (status: number, code: number, message: string) =>
  json(status, { success: false, errors: [{ code, message }], result: null });
const WORDS: ProviderWords = {
  tooMany: () => problem(429, 10_429, 'Rate limit exceeded'),
  broken: (status) => problem(status, 10_001, 'Internal error'),
  unauthorised: () => problem(403, 10_000, 'Authentication error'),
};

/** An exact rank for the first hundred, a bucket for the rest, a floor for those beyond the last bucket. */
export const radar: Api = { id: 'radar', hosts: ['api.cloudflare.com'], exchange: ranking, truth };

function ranking(request: WireRequest): Exchange {
  const found = PATH.exec(request.path)?.[1];
  const unit = decoded(found ?? '').toLowerCase();
  const key = bearerOf(request);
  const refused = refusal(request, found, key);
  return {
    provider: 'radar',
    asked: [{ surface: 'radar', unit }],
    unit,
    limit: { key: `radar|${key}`, windows: [{ permits: 1_200, perMs: 300_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(unit),
    words: WORDS,
  };
}

function refusal(
  request: WireRequest,
  found: string | undefined,
  key: string | undefined,
): WireAnswer | undefined {
  if (found === undefined || request.method !== 'GET')
    return problem(404, 7_003, 'Could not route to the path');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  return request.query.get('rankingType') === 'POPULAR'
    ? undefined
    : problem(400, 10_002, 'rankingType is missing');
}

/** Undefined: the resolver has not met it. */
function rankOf(domain: string): number | undefined {
  const odds = { popular: 1, ordinary: 0.7, young: 0.2, spam: 0.3, dead: 0 }[classOf(domain)];
  return share(domain, 'radar') < odds ? Math.max(1, Math.round(placeOf(domain))) : undefined;
}

function categoriesOf(domain: string): string[] {
  const draw = draws(`radar|${domain}`);
  return [...new Set(Array.from({ length: draw.int(0, 2) }, () => draw.pick(CATEGORIES)))];
}

function answerOf(domain: string): WireAnswer {
  const place = rankOf(domain);
  if (place === undefined) return problem(404, 1_404, 'No data for this domain');
  const bucket = BUCKETS.find((most) => place <= most);
  const details = {
    categories: categoriesOf(domain).map((name, at) => ({ id: 80 + at, name, superCategoryId: 26 })),
    bucket: bucket === undefined ? '>200000' : String(bucket),
    ...(place <= 100 && { rank: place }),
    top_locations: [],
  };
  const dateRange = [{ startTime: '2026-10-01T00:00:00Z', endTime: '2026-10-08T00:00:00Z' }];
  return json(200, { result: { details_0: details, meta: { dateRange } }, success: true, errors: [] });
}

function truth(domain: string): Truth {
  if (isAddress(domain)) return none('skipped', 'unsupported');
  const place = rankOf(domain);
  if (place === undefined) return none('absent', 'not ranked');
  const bucket = BUCKETS.find((most) => place <= most);
  const names = categoriesOf(domain);
  return {
    outcome: 'ok',
    numbers: {
      ...(bucket === undefined ? { rank_above: 200_000 } : { rank_at_most: bucket }),
      ...(place <= 100 && { rank: place }),
      category_count: names.length,
      ...(names.length > 0 && { categories: names.join(', ') }),
    },
  };
}

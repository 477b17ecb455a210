import { none, type Truth } from '../truth/expected.js';
import { isUnseenBy, linkProfileOf, seenBy } from '../world/link-profile.js';
import { share } from '../world/hash.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { domainRating, domainRatingTruth, DR_PATH, ratingOf } from './ahrefs-dr.js';
import type { Api } from './api.js';
import { bearerOf } from './credentials.js';
import { acceptsKey } from './keys.js';
import { parseObject } from './parse-object.js';

const HOST = 'api.ahrefs.com';
const BATCH_PATH = '/v3/batch-analysis/batch-analysis';
const PER_CALL = 100;

interface Target {
  readonly url: string;
  readonly mode: string;
}

const WORDS: ProviderWords = {
  tooMany: () => json(429, { error: 'Too Many Requests' }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => json(401, { error: 'Unauthorized' }),
  noRetryAfter: true,
};

/** Batch analysis and the free rating share a host. */
export const ahrefs: Api = { id: 'ahrefs', hosts: [HOST], exchange: route, truth };

export const ahrefsDr: Api = {
  id: 'ahrefs-dr',
  hosts: [],
  exchange: domainRating,
  truth: domainRatingTruth,
};

function route(request: WireRequest): Exchange {
  return request.path === DR_PATH ? domainRating(request) : batch(request);
}

function batch(request: WireRequest): Exchange {
  const body = parseObject(request.body);
  const targets = targetsOf(body) ?? [];
  const key = bearerOf(request);
  const refused = refusal(request, key, targetsOf(body), body?.['select']);
  return {
    provider: 'ahrefs',
    asked: targets.map(({ url, mode }) => ({ surface: surfaceOf(mode), unit: url })),
    unit: targets[0]?.url ?? '',
    limit: { key: `ahrefs|${key}`, windows: [{ permits: 60, perMs: 60_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(targets, body?.['select'] as string[]),
    words: WORDS,
  };
}

function surfaceOf(mode: string): string {
  return mode === 'exact' ? 'ahrefs.url' : 'ahrefs.domain';
}

function targetsOf(body: Readonly<Record<string, unknown>> | undefined): Target[] | undefined {
  const given = body?.['targets'];
  if (!Array.isArray(given)) return undefined;
  const good = given.every(
    (one) =>
      typeof one?.url === 'string' && ['exact', 'prefix', 'domain', 'subdomains'].includes(String(one.mode)),
  );
  return good ? (given as Target[]) : undefined;
}

/** A target with a blank in it spoils the whole batch. */
function refusal(
  request: WireRequest,
  key: string | undefined,
  targets: readonly Target[] | undefined,
  select: unknown,
): WireAnswer | undefined {
  if (request.path !== BATCH_PATH || request.method !== 'POST') return page(404, 'Not Found');
  if (!acceptsKey(key)) return WORDS.unauthorised();
  const good = targets && targets.length > 0 && targets.length <= PER_CALL && Array.isArray(select);
  if (!good || targets.some(({ url }) => /\s/.test(url) || url === ''))
    return json(400, { error: 'bad target' });
  return undefined;
}

function answerOf(targets: readonly Target[], select: readonly string[]): WireAnswer {
  const rows = targets.map(({ url, mode }, index) => {
    const numbers = numbersOf(url, mode);
    return {
      index,
      url,
      mode,
      protocol: 'both',
      ...Object.fromEntries(select.map((name) => [name, numbers[name] ?? null])),
    };
  });
  const answer = json(200, { targets: rows });
  return {
    ...answer,
    headers: { ...answer.headers, 'x-api-rows': String(rows.length), 'x-api-cache': 'no_cache' },
  };
}

/** Empty where the index does not hold it. `url_rating` belongs to pages alone. */
function numbersOf(unit: string, mode: string): Record<string, number | null> {
  const profile = linkProfileOf(unit, mode === 'exact' ? 'url' : 'domain');
  if (!profile || isUnseenBy('ahrefs', unit)) return {};
  const rating = ratingOf(unit);
  return {
    url_rating: mode === 'exact' ? profile.authority : null,
    domain_rating: rating,
    ahrefs_rank: rating === null ? null : Math.max(1, Math.round(10 ** (8 * (1 - rating / 100)))),
    backlinks: seenBy('ahrefs', profile.backlinks, unit),
    refdomains: seenBy('ahrefs-domains', profile.referringDomains, unit),
    org_traffic: Math.floor(10 ** (profile.authority / 16) * share(unit, 'traffic')),
  };
}

const METRIC: Readonly<Record<string, string>> = {
  refdomains: 'referring_domains',
  org_traffic: 'organic_traffic',
};

function truth(unit: string, surface: string): Truth {
  const numbers = numbersOf(unit, surface === 'ahrefs.url' ? 'exact' : 'subdomains');
  const known = Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null);
  if (known.length === 0) return none('absent', 'not in the index');
  return {
    outcome: 'ok',
    numbers: Object.fromEntries(known.map(([name, value]) => [METRIC[name] ?? name, value])),
  };
}

import { none, type Truth } from '../truth/expected.js';
import { strengthOf } from '../world/domain-class.js';
import { isUnseenBy } from '../world/link-profile.js';
import { domainOf, isAddress } from '../world/unit.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { bearerOf } from './credentials.js';
import { acceptsKey } from './keys.js';

export const DR_PATH = '/v3/public/domain-rating-free';

const WORDS: ProviderWords = {
  tooMany: () => json(429, { error: 'Too Many Requests' }),
  broken: (status) => page(status, 'Server Error'),
  unauthorised: () => json(401, { error: 'Unauthorized' }),
  noRetryAfter: true,
};

/** The free rating of a domain; a key is taken where one is sent. */
export function domainRating(request: WireRequest): Exchange {
  const unit = request.query.get('target') ?? '';
  const key = bearerOf(request);
  const refused = refusal(request, unit, key);
  return {
    provider: 'ahrefs-dr',
    asked: [{ surface: 'ahrefs-dr', unit }],
    unit,
    limit: { key: `ahrefs-dr|${key ?? ''}`, windows: [{ permits: 1, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => json(200, { domain_rating: { domain_rating: ratingOf(unit) } }),
    words: WORDS,
  };
}

function refusal(request: WireRequest, unit: string, key: string | undefined): WireAnswer | undefined {
  if (request.method !== 'GET' || request.query.get('output') !== 'json' || unit === '')
    return json(400, { error: 'bad request' });
  return key !== undefined && !acceptsKey(key) ? WORDS.unauthorised() : undefined;
}

/** Null: not in the index. One digit behind the point. */
export function ratingOf(domain: string): number | null {
  if (isUnseenBy('ahrefs', domainOf(domain))) return null;
  return Math.round(980 * strengthOf(domainOf(domain))) / 10;
}

export function domainRatingTruth(unit: string): Truth {
  if (isAddress(unit)) return none('skipped', 'unsupported');
  const rating = ratingOf(unit);
  return rating === null
    ? none('absent', 'not rated')
    : { outcome: 'ok', numbers: { domain_rating: rating } };
}
